/** Metrics of the process, for Prometheus: {@link io.visitorcounter.web.metrics.Metrics} holds them all, including
 *  those of the store. May know {@code http}, {@code core} and {@code core.metrics}. */
@NullMarked
package io.visitorcounter.web.metrics;

import org.jspecify.annotations.NullMarked;
