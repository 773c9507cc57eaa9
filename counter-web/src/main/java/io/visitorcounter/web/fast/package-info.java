/** The fast way of {@code GET /} as text, and the threads it runs on. {@code http.fast-path} turns it off; then the same
 *  requests take the ordinary way of {@code visit}, with the same responses. May know {@code http}, {@code values} and
 *  {@code core}; besides {@code connection}, the only room that uses the inner types of Undertow and XNIO. So it has also
 *  what orders the requests of all routes: {@link io.visitorcounter.web.fast.Turns}.
 *
 *  <p>A request of {@code GET /} is small and its response is short, so that most of its cost is what is done once for each:
 *  system calls, hand-overs between threads, headers. Five things are done for many at once instead:
 *
 *  <ol>
 *   <li><b>Batches.</b> A {@link io.visitorcounter.web.fast.VisitBatcher} collects the requests that one I/O thread reads in
 *       one pass of its selector, counts them in one step, {@code visit(n)}, and responds to all in one task on that thread.
 *       So a request costs no hand-over between threads. Of many, the first 64 are counted while the others are still read:
 *       3 % more requests/s with 256 connections.
 *   <li><b>A second look.</b> Of few requests, the thread first reads what came meanwhile, in two more passes at most
 *       ({@code NextPass}), and counts these in the same step: 14 % more with 64 connections where Redis syncs its disk, 17 %
 *       with 8. One request alone does not wait.
 *   <li><b>Newest first.</b> Of more than 64 requests, those that were read last get their responses first, since the
 *       processor's cache still holds them: 7 % more with 256 connections.
 *   <li><b>A prerendered response.</b> Head and body lie ready in one buffer, in which the digits change
 *       ({@code PrerenderedResponse}); they go past Undertow's response channel in one write: 7 % more with 256 connections,
 *       6 % with 64. The connection's input stays watched meanwhile, which saves two system calls a request.
 *   <li><b>A store on each I/O thread.</b> The store runs its event loop on the {@link io.visitorcounter.web.fast.IoThreads
 *       I/O thread}: a batch is written, and its reply awaited for 2 ms at most, without waking another thread. There is one
 *       thread for four processors, at most four, and each has a store of its own
 *       ({@link io.visitorcounter.web.fast.ThreadStores}): told of eight processors, 26 to 37 % less processor
 *       time for each request than with four threads and a Redis connection apart.
 *  </ol>
 *
 *  <p>The order: numbers follow the order of reading within a thread. Between threads, as between processes, a request that is
 *  sent after another one's response has the higher number; of two at the same time, either may have it. A connection that is to be closed, and every request
 *  but {@code GET /} as text, takes the ordinary way. */
@NullMarked
package io.visitorcounter.web.fast;

import org.jspecify.annotations.NullMarked;
