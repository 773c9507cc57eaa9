/** Keeps counters in Redis or Valkey: one server, one watched by Sentinels, or a Cluster. Knows {@code spi} and
 *  {@code core}; the only room that knows Lettuce.
 *  An address is what the URI names; a connection may be replaced; a script runs atomically in the server. */
@NullMarked
package io.visitorcounter.core.redis;

import org.jspecify.annotations.NullMarked;
