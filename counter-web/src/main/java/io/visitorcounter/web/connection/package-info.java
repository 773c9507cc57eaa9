/** Accepts connections and bounds what they may hold: how many one address has, how much of their heads is kept before there
 *  is a request, and how many may leave responses unread. Names what Undertow refuses by itself. May know {@code http}; uses XNIO's conduits. */
@NullMarked
package io.visitorcounter.web.connection;

import org.jspecify.annotations.NullMarked;
