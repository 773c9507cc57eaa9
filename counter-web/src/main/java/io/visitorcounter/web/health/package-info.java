/** What an operator asks the process: whether it lives, whether it is ready, which
 *  {@link io.visitorcounter.web.health.ReleaseInfo} runs. May know {@code http}, {@code json} and {@code core}. */
@NullMarked
package io.visitorcounter.web.health;

import org.jspecify.annotations.NullMarked;
