/** Numbers about the process, for Prometheus: {@link io.visitorcounter.web.metrics.Metrics} holds them all, those of the
 *  store too. May know {@code http}, {@code core} and {@code core.metrics}. */
@NullMarked
package io.visitorcounter.web.metrics;

import org.jspecify.annotations.NullMarked;
