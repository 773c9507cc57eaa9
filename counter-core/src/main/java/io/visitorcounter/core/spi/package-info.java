/** What the author of a store implements. Knows {@code core}; does no I/O.
 *
 *  <p>A store is a {@link io.visitorcounter.core.spi.Backend}, which reads and writes once; a
 *  {@link io.visitorcounter.core.spi.Batch} is what one write carries, and an
 *  {@link io.visitorcounter.core.spi.Outcome} is its result. {@link io.visitorcounter.core.spi.StoreFactory} adds
 *  everything else: queues, deadlines, resends, visit ids, listeners. To be found by its URI, a store has a
 *  {@link io.visitorcounter.core.CounterStoreProvider} that is named in
 *  {@code META-INF/services/io.visitorcounter.core.CounterStoreProvider}:
 *
 *  <pre>{@code
 *  public final class AcmeStoreProvider implements CounterStoreProvider {
 *      public Set<String> schemes() {
 *          return Set.of("acme");
 *      }
 *
 *      public CounterStore open(URI uri, CounterOptions options) {
 *          return StoreFactory.open(new AcmeBackend(uri, options), options);
 *      }
 *  }
 *  }</pre>
 *
 *  <h2>The protocol</h2>
 *  A sender (a counter's queue in one process, or one visit with an id) has a record in the store. A batch holds the
 *  sender's cumulative count, not an increment. So a batch whose reply was lost can be sent again without adding
 *  anything twice.
 *
 *  <pre>
 *  callers      queue (record lane:7f…)                   store (value 40, record lane:7f… at 5)
 *  visit ───▶ 3 wait ── cumulative 8, previous 5 ──▶ record 5 &lt; 8: value 43, record at 8 of total 43
 *                       ◀──── Written, total 43 ────
 *  41 42 43 ◀──
 *  visit ───▶ 2 wait ── cumulative 10, previous 8 ─▶ record 8 &lt; 10: value 45, record at 10 of total 45
 *                          (the reply is lost)
 *  visit ───▶ 1 waits ─ cumulative 10, previous 8 ─▶ record 10 = 10: nothing to add
 *                       ◀ Written, total 45, duplicate ─
 *  44 45 ◀──
 *             1 waits ─ cumulative 11, previous 10 ▶ record 10 &lt; 11: value 46 …
 *  </pre>
 *
 *  <h2>The duties of a backend</h2>
 *  <ul>
 *  <li><b>One atomic step.</b> Reading the record, adding to the value and to the hour, and setting the record happen
 *      together or not at all, even if the process or the server is killed in between, and even if several processes
 *      write at once.
 *  <li><b>Records outlive resends.</b> A batch is sent again for up to 20 minutes. The record of a lane
 *      ({@code lane:…}) is kept for hours after its last batch: a missing record must mean that the store lost it,
 *      never that it expired. The record of an id ({@code id:…}) is kept for
 *      {@link io.visitorcounter.core.CounterOptions#idWindow()} after its last use, and longer than one deadline.
 *  <li><b>Not written is a promise.</b> Return {@link io.visitorcounter.core.spi.Outcome.NotWritten} only if the
 *      attempt stored nothing <i>and never will</i>: it was not sent, the store refused it before the first change, or
 *      the transaction was rolled back. A timeout, a cut connection, a failed commit, or an error in the middle of
 *      several changes that the store does not roll back is {@link io.visitorcounter.core.spi.Outcome.MaybeWritten}.
 *  <li><b>Acknowledged is durable.</b> {@link io.visitorcounter.core.spi.Outcome.Written} is returned only when the
 *      {@link io.visitorcounter.core.CounterOptions#durability()} holds, for a duplicate too. A store that can't give
 *      the requested durability refuses to open.
 *  <li><b>Hours.</b> Visits are counted in the current hour of the store's clock, UTC, and kept for 400 days.
 *      Duplicates are not counted.
 *  <li><b>Every attempt ends</b>, with one outcome. How long an attempt may take is up to the store; a quarter of
 *      {@link io.visitorcounter.core.CounterOptions#deadline()} leaves time for resends.
 *  </ul>
 *  The classes {@code CounterStoreContract} and {@code BackendContract} in this library's test-jar test a store for
 *  these duties. */
@NullMarked
package io.visitorcounter.core.spi;

import org.jspecify.annotations.NullMarked;
