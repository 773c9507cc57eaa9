package io.visitorcounter.web.http;

import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.xnio.IoUtils;

/** Counts the open requests, so that a stop can wait for them. While draining, each response also closes its
 *  connection, so that the client's next request goes to another instance. After that, a request only closes its
 *  connection: its response could not be sent, so nothing must be counted for it. */
public final class OpenRequests {

    private final AtomicLong open = new AtomicLong();
    private final IdleConnections idle;
    private final Object drained = new Object();
    private volatile boolean draining;
    private volatile boolean over;

    public OpenRequests(IdleConnections idle) {
        this.idle = idle;
    }

    /** {@return the handler, with its requests counted and each status of 400 or above reported} */
    public HttpHandler counting(HttpHandler next, IntConsumer failed) {
        return new Counting(next, failed);
    }

    /** A class, not a lambda, like everything that every request passes: a lambda is one more method to compile. */
    private final class Counting implements HttpHandler, ExchangeCompletionListener {

        private final HttpHandler next;
        private final IntConsumer failed;

        Counting(HttpHandler next, IntConsumer failed) {
            this.next = next;
            this.failed = failed;
        }

        @Override
        public void handleRequest(HttpServerExchange exchange) throws Exception {
            open.incrementAndGet();
            idle.began(exchange);
            exchange.addExchangeCompleteListener(this);
            if (draining) {
                if (over) {
                    IoUtils.safeClose(exchange.getConnection());
                    exchange.endExchange();
                    return;
                }
                exchange.setPersistent(false);
                exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
            }
            next.handleRequest(exchange);
        }

        @Override
        public void exchangeEvent(HttpServerExchange exchange, NextListener listeners) {
            if (open.decrementAndGet() == 0 && draining) {
                synchronized (drained) {
                    drained.notifyAll();
                }
            }
            idle.ended(exchange);
            if (exchange.getStatusCode() >= 400) {
                failed.accept(exchange.getStatusCode());
            }
            listeners.proceed();
        }
    }

    /** Starts draining. */
    public void drain() {
        draining = true;
    }

    /** {@return whether it is draining} */
    public boolean draining() {
        return draining;
    }

    /** {@return how many requests are open now} */
    public long open() {
        return open.get();
    }

    /** Waits until no request is open, and begins no more. Call it after {@link #drain}.
     *
     *  @return whether none is open */
    public boolean awaitNone(Duration max) throws InterruptedException {
        long end = System.nanoTime() + max.toNanos();
        await(end);
        over = true;
        // Some may have begun in between.
        return await(end);
    }

    private boolean await(long end) throws InterruptedException {
        synchronized (drained) {
            for (long left = millisTo(end); open.get() > 0 && left > 0; left = millisTo(end)) {
                drained.wait(left);
            }
        }
        return open.get() == 0;
    }

    private static long millisTo(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
}
