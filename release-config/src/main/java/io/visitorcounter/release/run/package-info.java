/** Runs a release, unchanged: {@link io.visitorcounter.release.run.LocalRun} prepares it for a JVM of this machine,
 *  from the image's own layers, unpacked and checked; {@link io.visitorcounter.release.run.EngineRun} for a
 *  container engine. A {@link io.visitorcounter.release.run.Prepared} is a process that is about to be started;
 *  {@link io.visitorcounter.release.run.Supervision} starts it and ends with it. Knows {@code release} and
 *  {@code image}. */
@NullMarked
package io.visitorcounter.release.run;

import org.jspecify.annotations.NullMarked;
