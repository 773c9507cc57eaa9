/** Keeps counters in this process's memory, for tests and demos. Knows {@code spi} and {@code core}. */
@NullMarked
package io.visitorcounter.core.memory;

import org.jspecify.annotations.NullMarked;
