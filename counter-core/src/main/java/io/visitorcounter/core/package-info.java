/** The public API: a {@link io.visitorcounter.core.CounterStore} holds {@link io.visitorcounter.core.VisitorCounter}s,
 *  a counter gives every {@link io.visitorcounter.core.Visit} its own number, and a failure says whether the visit was
 *  not counted or maybe counted. Knows no other room; stores are looked up by the scheme of their URI. */
@NullMarked
package io.visitorcounter.core;

import org.jspecify.annotations.NullMarked;
