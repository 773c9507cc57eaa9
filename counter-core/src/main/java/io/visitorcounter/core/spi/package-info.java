/** What the author of a store implements. Knows {@code core}; does no I/O. */
@NullMarked
package io.visitorcounter.core.spi;

import org.jspecify.annotations.NullMarked;
