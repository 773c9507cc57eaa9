/** The fast path of {@code GET /} as text, and the threads it runs on. {@code http.fast-path} turns it off; then
 *  {@code visit} handles the same requests, with the same responses. May know {@code http}, {@code values} and
 *  {@code core}; besides {@code connection}, the only room that uses internal types of Undertow and XNIO. So it also
 *  contains {@link io.visitorcounter.web.fast.Turns}, which orders the requests of all routes.
 *
 *  <p>Requests of {@code GET /} and their responses are short, so most of their cost is the fixed cost of each: system
 *  calls, hand-overs between threads, headers. Five measures share it among many requests:
 *
 *  <ol>
 *   <li><b>Batches.</b> A {@link io.visitorcounter.web.fast.VisitBatcher} collects the requests that one I/O thread reads in
 *       one pass of its selector, counts them in one step, {@code visit(n)}, and responds to all in one task on that thread.
 *       So no request is handed between threads. If there are many, the first 64 are counted while the others are still
 *       being read: 3 % more requests/s with 256 connections.
 *   <li><b>A second look.</b> If there are few requests, the thread first reads what arrived meanwhile, in at most two
 *       more passes ({@code NextPass}), and counts it in the same step: 14 % more with 64 connections if Redis syncs
 *       its disk, 17 % with 8. A single request does not wait.
 *   <li><b>Newest first.</b> In a batch of more than 64 requests, the last ones read get their responses first, since
 *       the processor's cache still holds them: 7 % more with 256 connections.
 *   <li><b>A prerendered response.</b> Head and body are ready in one buffer, in which only the digits change
 *       ({@code PrerenderedResponse}). They bypass Undertow's response channel in one write: 7 % more with 256
 *       connections, 6 % with 64. The connection's input stays watched meanwhile, which saves two system calls per
 *       request.
 *   <li><b>A store on each I/O thread.</b> The store runs its event loop on the
 *       {@link io.visitorcounter.web.fast.IoThreads I/O thread}: a batch is written, and its reply awaited for at most
 *       2 ms, without waking another thread. There is one thread per four processors, at most four, and each has its
 *       own store ({@link io.visitorcounter.web.fast.ThreadStores}): with {@code -XX:ActiveProcessorCount=8}, 26 to
 *       37 % less processor time per request than with four threads and a Redis connection on a separate thread.
 *  </ol>
 *
 *  <p>Order: within a thread, numbers follow the order of reading. Between threads, as between processes, a request
 *  that is sent after another one's response gets the higher number; of two concurrent requests, either may.
 *  Connections that are to be closed, and all requests but {@code GET /} as text, take the ordinary path. */
@NullMarked
package io.visitorcounter.web.fast;

import org.jspecify.annotations.NullMarked;
