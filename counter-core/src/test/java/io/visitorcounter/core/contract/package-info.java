/** What every store has to pass, and the real Redis and the cut connections to test it with. Published as this module's
 *  test-jar. Knows {@code core} and {@code core.spi}. */
@NullMarked
package io.visitorcounter.core.contract;

import org.jspecify.annotations.NullMarked;
