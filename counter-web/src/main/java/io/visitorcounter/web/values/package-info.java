/** Values that the config and the rooms it configures both speak of: address ranges, origins, log levels. May know
 *  {@code core}. */
@NullMarked
package io.visitorcounter.web.values;

import org.jspecify.annotations.NullMarked;
