/** Values that the config shares with the rooms it configures: address ranges, origins, log levels. May know
 *  {@code core}. */
@NullMarked
package io.visitorcounter.web.values;

import org.jspecify.annotations.NullMarked;
