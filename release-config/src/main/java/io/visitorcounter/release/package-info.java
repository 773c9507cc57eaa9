/** The values that every room uses: an {@link io.visitorcounter.release.Environment} is where releases run, a
 *  {@link io.visitorcounter.release.ReleaseId} names one of its releases, a {@link io.visitorcounter.release.Digest}
 *  names bytes by their content. Knows no other room. */
@NullMarked
package io.visitorcounter.release;

import org.jspecify.annotations.NullMarked;
