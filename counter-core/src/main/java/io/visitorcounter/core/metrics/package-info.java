/** Counts what a store tells its listener in Micrometer's meters. Knows {@code core}; only who uses it needs Micrometer. */
@NullMarked
package io.visitorcounter.core.metrics;

import org.jspecify.annotations.NullMarked;
