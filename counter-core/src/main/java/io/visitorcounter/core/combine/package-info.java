/** Turns many waiting callers into one write. Knows {@code spi} and {@code core}; does no I/O.
 *  A lane is one counter's queue; a pending call is one caller's stage in it; the in-flight batch is what was sent and is
 *  not settled; effects are what a lane decided to do once it has released its lock. */
@NullMarked
package io.visitorcounter.core.combine;

import org.jspecify.annotations.NullMarked;
