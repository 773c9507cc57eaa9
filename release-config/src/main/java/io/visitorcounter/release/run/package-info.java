/** Runs a release and changes nothing of it: {@link io.visitorcounter.release.run.LocalRun} in a JVM of this machine,
 *  from the image's own layers, unpacked and checked. Knows {@code release} and {@code image}. */
@NullMarked
package io.visitorcounter.release.run;

import org.jspecify.annotations.NullMarked;
