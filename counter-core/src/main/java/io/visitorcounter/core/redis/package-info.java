/** Keeps counters in Redis or Valkey: one server, one watched by Sentinels, or a Cluster. Knows {@code spi} and
 *  {@code core}; the only room that knows Lettuce.
 *  An address is what the URI says; a connection may be replaced; a script is what runs in the server,
 *  where it is atomic. */
@NullMarked
package io.visitorcounter.core.redis;

import org.jspecify.annotations.NullMarked;
