/** Accepts connections and bounds what they may hold before there is a request: how many one address has, and how much of
 *  their heads is kept. Names what Undertow refuses by itself. May know {@code http}; uses XNIO's conduits. */
@NullMarked
package io.visitorcounter.web.connection;

import org.jspecify.annotations.NullMarked;
