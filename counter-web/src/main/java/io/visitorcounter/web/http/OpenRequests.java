package io.visitorcounter.web.http;

import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Knows how many requests are open, so that a stop can wait for them. While draining, each answer also closes its
 *  connection: the client's next request then goes to another instance. */
public final class OpenRequests {

    private static final long LOOK_EVERY_MILLIS = 5;

    private final AtomicLong open = new AtomicLong();
    private final ExchangeCompletionListener closed;
    private volatile boolean draining;

    /** Begins with none. */
    public OpenRequests() {
        this.closed = (exchange, listeners) -> {
            open.decrementAndGet();
            listeners.proceed();
        };
    }

    /** {@return the handler, its requests counted} */
    public HttpHandler counting(HttpHandler next) {
        return exchange -> {
            open.incrementAndGet();
            exchange.addExchangeCompleteListener(closed);
            if (draining) {
                exchange.setPersistent(false);
                exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
            }
            next.handleRequest(exchange);
        };
    }

    /** Begins to drain. */
    public void drain() {
        draining = true;
    }

    /** {@return whether it drains} */
    public boolean draining() {
        return draining;
    }

    /** {@return how many requests are open now} */
    public long open() {
        return open.get();
    }

    /** Waits until no request is open.
     *
     *  @param most how long to wait
     *  @return whether none is open
     *  @throws InterruptedException if the waiting thread was interrupted */
    public boolean awaitNone(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (open.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return open.get() == 0;
    }
}
