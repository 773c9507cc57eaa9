/** Counting over HTTP: {@link io.visitorcounter.web.visit.Home} is {@code GET /}, a
 *  {@link io.visitorcounter.web.visit.VisitRule} decides what is a visit, {@link io.visitorcounter.web.visit.Counters}
 *  serves the counters by name. May know {@code values}, {@code http}, {@code json} and {@code core}. */
@NullMarked
package io.visitorcounter.web.visit;

import org.jspecify.annotations.NullMarked;
