/** Shows what a store reports to its listener as Micrometer meters. Knows {@code core}; only users of this package need
 *  Micrometer. */
@NullMarked
package io.visitorcounter.core.metrics;

import org.jspecify.annotations.NullMarked;
