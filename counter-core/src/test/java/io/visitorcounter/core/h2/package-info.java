/** A store of one's own, to copy from: H2 by JDBC, in two classes. Knows {@code spi} and {@code core}. */
@NullMarked
package io.visitorcounter.core.h2;

import org.jspecify.annotations.NullMarked;
