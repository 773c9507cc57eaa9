/** What an operator asks the process: whether it is alive, whether it is ready, which
 *  {@link io.visitorcounter.web.health.ReleaseInfo release} is running. May know {@code http}, {@code json} and
 *  {@code core}. */
@NullMarked
package io.visitorcounter.web.health;

import org.jspecify.annotations.NullMarked;
