/** A store of one's own, to copy from: H2 and PostgreSQL by JDBC, in two classes. Knows {@code spi} and {@code core}. */
@NullMarked
package io.visitorcounter.core.jdbc;

import org.jspecify.annotations.NullMarked;
