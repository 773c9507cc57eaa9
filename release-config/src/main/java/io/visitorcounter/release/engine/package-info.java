/** The engines that keep a release running, Kubernetes and Docker Swarm, each used through its own program on the
 *  {@code PATH}. A {@link io.visitorcounter.release.engine.DeployTarget} is the place, a
 *  {@link io.visitorcounter.release.engine.Rollout} what should run there, and a
 *  {@link io.visitorcounter.release.engine.Look} what runs there at one moment. An engine acts and reports; whether
 *  a rollout succeeded, and what follows, is decided above. Knows {@code release}. */
@NullMarked
package io.visitorcounter.release.engine;

import org.jspecify.annotations.NullMarked;
