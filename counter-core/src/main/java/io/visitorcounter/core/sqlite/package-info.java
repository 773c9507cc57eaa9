/** Keeps counters in one SQLite file, with one transaction and one sync for all waiting batches. Knows {@code spi} and
 *  {@code core}. */
@NullMarked
package io.visitorcounter.core.sqlite;

import org.jspecify.annotations.NullMarked;
