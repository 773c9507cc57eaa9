/** Accepts connections and limits what they may hold: the connections of one address, the memory for incomplete heads,
 *  and the number of slow readers. Explains what Undertow itself refuses. May know {@code http}; uses XNIO's conduits. */
@NullMarked
package io.visitorcounter.web.connection;

import org.jspecify.annotations.NullMarked;
