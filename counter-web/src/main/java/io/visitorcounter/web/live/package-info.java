/** Values as they change: a {@link io.visitorcounter.web.live.LiveCounters} reads each watched counter and sends
 *  changes to its streams. May know {@code http}, {@code json} and {@code core}. */
@NullMarked
package io.visitorcounter.web.live;

import org.jspecify.annotations.NullMarked;
