/** Turns many waiting callers into one write. Knows {@code spi} and {@code core}; does no I/O.
 *  A lane is one counter's queue; a pending call is one caller's stage in it; the in-flight batch was sent and is not
 *  settled yet; effects are what a lane does after releasing its lock. */
@NullMarked
package io.visitorcounter.core.combine;

import org.jspecify.annotations.NullMarked;
