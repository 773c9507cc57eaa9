/** The engines that keep a release running, Kubernetes and Docker Swarm, each spoken to through its own program on the
 *  {@code PATH}. A {@link io.visitorcounter.release.engine.DeployTarget} is where, a {@link
 *  io.visitorcounter.release.engine.Rollout} what is to run there, and a {@link io.visitorcounter.release.engine.Look} what
 *  runs there at one moment. An engine acts and reports; whether a rollout succeeded, and what follows, is decided above.
 *  Knows {@code release}. */
@NullMarked
package io.visitorcounter.release.engine;

import org.jspecify.annotations.NullMarked;
