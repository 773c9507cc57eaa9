package io.visitorcounter.web.fast;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.SameThreadExecutor;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.values.Greeting;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/** The fast path of {@code GET /} as text. The requests that one I/O thread reads in one pass of its selector are
 *  counted in one step, with numbers in the order of reading, and one task on that thread responds to them all. So no
 *  request is handed between threads, and there is next to no garbage.
 *
 *  <p>In a pass with many requests, the first ones are counted while the thread parses the others, and those while it
 *  answers the first ones, so it need not wait for the store. With fewer requests it would wait anyway, so it first
 *  parses what arrived meanwhile and counts that in the same step.
 *
 *  <p>Each I/O thread has its own state, which only that thread touches. */
public final class VisitBatcher implements HttpHandler {

    /** After this many requests a batch is counted, though more may follow in the same pass. Smaller batches would cost
     *  the store more than they save; with larger ones, parsing the rest would end before the store's reply. */
    static final int FIRST = 64;

    /** How many more passes look for requests before a smaller batch is counted, while they find any. */
    static final int MORE_PASSES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(VisitBatcher.class);

    private final ThreadStores stores;
    private final Greeting greeting;
    private final int max;
    private final @Nullable ThreadBatcher[] byThread;

    /** Counts at most {@code max} visits in one step: the size of the store's queue. */
    public VisitBatcher(ThreadStores stores, Greeting greeting, int max, int ioThreads) {
        this.stores = stores;
        this.greeting = greeting;
        this.max = max;
        this.byThread = new ThreadBatcher[ioThreads];
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        XnioIoThread thread = exchange.getIoThread();
        ThreadBatcher batcher = byThread[thread.getNumber()];
        if (batcher == null) {
            batcher = new ThreadBatcher(thread);
            byThread[thread.getNumber()] = batcher;
        }
        exchange.dispatch(SameThreadExecutor.INSTANCE, VisitBatcher::nothing);
        keepReading(exchange);
        batcher.add(exchange);
    }

    private static void nothing() {
        // only tells the exchange that its response comes later
    }

    /** Undertow stops watching a connection for input while its request runs and starts again afterwards: two system
     *  calls per request, a tenth of its cost. This avoids them. If input does arrive meanwhile, Undertow stops
     *  watching then, as usual. */
    private static void keepReading(HttpServerExchange exchange) {
        if (exchange.getConnection() instanceof HttpServerConnection connection) {
            connection.getOriginalSourceConduit().resumeReads();
        }
    }

    private final class ThreadBatcher implements Runnable {

        private final XnioIoThread thread;
        private final PrerenderedResponse response = new PrerenderedResponse(greeting);
        private final ArrayDeque<RequestBatch> spare = new ArrayDeque<>();
        private final NextPass nextPass;
        private RequestBatch waiting;
        private int underWay;
        private int morePasses;
        private int found;
        private boolean scheduled;
        private boolean adding;

        ThreadBatcher(XnioIoThread thread) {
            this.thread = thread;
            this.nextPass = new NextPass(thread, this);
            this.waiting = new RequestBatch(this);
            stores.begin(thread.getNumber());
        }

        void add(HttpServerExchange exchange) {
            waiting.add(exchange);
            if (waiting.size == max || (waiting.size >= FIRST && underWay == 0)) {
                adding = true;
                count();
                adding = false;
            } else if (!scheduled) {
                // Runs when the selector's pass is over and all requests that arrived together are read.
                scheduled = true;
                thread.execute(this);
            }
        }

        /** Runs at the end of a pass. */
        @Override
        public void run() {
            if (mayFindMore()) {
                morePasses++;
                found = waiting.size;
                nextPass.ask();
                return;
            }
            morePasses = 0;
            found = 0;
            scheduled = false;
            if (waiting.size > 0) {
                count();
            }
        }

        /** A single request does not wait for others, and a pass that finds nothing is the last one. */
        private boolean mayFindMore() {
            return underWay == 0
                    && morePasses < MORE_PASSES
                    && waiting.size > Math.max(1, found)
                    && waiting.size < FIRST;
        }

        private void count() {
            RequestBatch batch = waiting;
            RequestBatch next = spare.poll();
            waiting = next == null ? new RequestBatch(this) : next;
            underWay++;
            try {
                stores.of(thread.getNumber()).visit(batch.size).whenComplete(batch);
            } catch (RuntimeException e) {
                batch.accept(null, e);
            }
        }
    }

    /** Requests that are counted in one step; reused. */
    private static final class RequestBatch implements Runnable, BiConsumer<@Nullable VisitRange, @Nullable Throwable> {

        private static final int MAX_KEPT = 1024;

        /** In a larger batch, the requests that were read last are answered first, because their data is still in the
         *  processor's cache. The numbers are still in the order of reading. */
        private static final int STILL_IN_CACHE = 64;

        private final ThreadBatcher batcher;
        private @Nullable HttpServerExchange[] exchanges = new HttpServerExchange[64];
        private int size;
        private @Nullable VisitRange range;
        private @Nullable Throwable failure;

        RequestBatch(ThreadBatcher batcher) {
            this.batcher = batcher;
        }

        void add(HttpServerExchange exchange) {
            if (size == exchanges.length) {
                exchanges = Arrays.copyOf(exchanges, size * 2);
            }
            exchanges[size++] = exchange;
        }

        /** Takes the numbers, on the thread on which the store answers. */
        @Override
        public void accept(@Nullable VisitRange counted, @Nullable Throwable why) {
            range = counted;
            failure = why;
            // An exchange can't be answered while it is still being dispatched.
            if (Thread.currentThread() == batcher.thread && !batcher.adding) {
                run();
                return;
            }
            try {
                batcher.thread.execute(this);
            } catch (RejectedExecutionException e) {
                // the server has stopped and closed its connections
            }
        }

        /** Answers all requests, on the I/O thread. */
        @Override
        public void run() {
            Problem problem = range == null
                    ? Problem.of(failure == null ? new IllegalStateException("no numbers") : failure)
                    : null;
            long first = range == null ? 0 : range.first();
            boolean newestFirst = size > STILL_IN_CACHE;
            for (int i = 0; i < size; i++) {
                int next = newestFirst ? size - 1 - i : i;
                HttpServerExchange exchange = exchanges[next];
                exchanges[next] = null;
                if (exchange != null) {
                    respond(exchange, first + next, problem);
                }
            }
            batcher.underWay--;
            size = 0;
            range = null;
            failure = null;
            if (exchanges.length <= MAX_KEPT) {
                batcher.spare.add(this);
            }
        }

        private void respond(HttpServerExchange exchange, long number, @Nullable Problem problem) {
            try {
                if (problem == null) {
                    batcher.response.send(exchange, number);
                } else {
                    problem.send(exchange);
                }
            } catch (RuntimeException e) {
                // One broken connection must not prevent the other responses.
                LOG.warn("a response could not be sent", e);
                exchange.endExchange();
            }
        }
    }
}
