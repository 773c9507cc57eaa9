/** Turns many waiting callers into one write. Knows {@code core}; does no I/O.
 *  A lane is one counter's queue; a batch is what one write carries; a backend is the part of a store that writes it;
 *  an outcome is what became of one attempt to write. */
@NullMarked
package io.visitorcounter.core.combine;

import org.jspecify.annotations.NullMarked;
