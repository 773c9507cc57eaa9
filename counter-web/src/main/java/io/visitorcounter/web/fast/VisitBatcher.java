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

/** The fast way of {@code GET /} as text: the requests that one I/O thread reads in one pass of its selector are counted
 *  in one step, with numbers in the order of reading, and one task on that thread responds to them all. So no request
 *  costs a hand-over between threads, and there is next to no garbage.
 *
 *  <p>Of a pass with many requests, the first are counted while the thread parses the others, and these while it answers
 *  the first: so it has no need to wait for the store. With fewer, it would wait anyway; so it first parses what came
 *  meanwhile, and counts that in the same step.
 *
 *  <p>Only an I/O thread touches what is kept for it. */
public final class VisitBatcher implements HttpHandler {

    /** So many requests are counted at once, though more may come in the same pass. With fewer, the store has more to do
     *  than it saves; with more, the others do not last until it has done it. */
    static final int FIRST = 64;

    /** How often more requests are looked for before a smaller step, as long as there are some. */
    static final int MORE_PASSES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(VisitBatcher.class);

    private final ThreadStores stores;
    private final Greeting greeting;
    private final int max;
    private final @Nullable ThreadBatcher[] byThread;

    /** Counts at most so many visits in one step: as many as the queue of the counter's store takes. */
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
        // the exchange only has to be told that its response comes later
    }

    /** Undertow stops watching a connection for input while its request runs, and begins again after it: two system
     *  calls a request, which are a tenth of its cost. Input that does come meanwhile, Undertow handles as it always
     *  does: it stops watching then. */
    private static void keepReading(HttpServerExchange exchange) {
        if (exchange.getConnection() instanceof HttpServerConnection connection) {
            connection.getOriginalSourceConduit().resumeReads();
        }
    }

    /** What one I/O thread has gathered. */
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
                // Runs when the selector's pass is over, and with it the reading of the requests that came together.
                scheduled = true;
                thread.execute(this);
            }
        }

        /** A pass is over. */
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

        /** A single client has nobody to wait for, and a pass that finds nothing is the last one. */
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

        /** Of a larger batch, the requests that were read last are answered first: what the processor needs for them is
         *  still in its cache, while that of the first has left it. Their numbers are in the order of reading still. */
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

        /** Takes the numbers, on whatever thread the store answers. */
        @Override
        public void accept(@Nullable VisitRange counted, @Nullable Throwable why) {
            range = counted;
            failure = why;
            // An exchange can't be answered by what it is still being handed to.
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

        /** Answers all, on the I/O thread. */
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
                // One broken connection must not take the answers of the others with it.
                LOG.warn("a response could not be sent", e);
                exchange.endExchange();
            }
        }
    }
}
