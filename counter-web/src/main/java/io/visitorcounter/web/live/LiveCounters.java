package io.visitorcounter.web.live;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.CounterNames;
import io.visitorcounter.web.http.PerClientLimit;
import io.visitorcounter.web.http.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /counters/NAME/live}: the value as it changes, as server-sent events.
 *
 *  <p>A counter is read once per interval, however many streams watch it. So a stream sees the visits of every process,
 *  at no cost to the visits themselves. One timer thread serves all. */
public final class LiveCounters implements HttpHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveCounters.class);

    private static final HttpString X_ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");
    private static final Duration TRY_AGAIN = Duration.ofSeconds(15);

    private final CounterStore store;
    private final CounterNames names;
    private final int max;
    private final PerClientLimit shares;
    private final long heartbeatEvery;
    private final Map<CounterName, Watch> watches = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "live");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> ticking;
    private long ticks;
    private volatile boolean closed;

    /** The streams of one counter. There is one read at a time. A stream gets only values from reads that began after
     *  it arrived, so that none is older than what its client has already seen. */
    private static final class Watch {
        private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean reading = new AtomicBoolean();
        private final AtomicLong newcomers = new AtomicLong();
    }

    /** Starts the timer: watched counters are read every interval, and streams send a comment every heartbeat. */
    public LiveCounters(
            CounterStore store,
            CounterNames names,
            Duration interval,
            Duration heartbeat,
            int max,
            PerClientLimit shares) {
        this.store = store;
        this.names = names;
        this.max = max;
        this.shares = shares;
        this.heartbeatEvery = Math.max(1, heartbeat.toMillis() / interval.toMillis());
        this.ticking = time.scheduleWithFixedDelay(
                this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** {@return how many streams are open} */
    public int open() {
        return open.get();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        CounterName name = names.toRead(exchange);
        if (Methods.HEAD.equals(exchange.getRequestMethod())) {
            head(exchange);
            // Otherwise Undertow would send a length of 0.
            exchange.getResponseHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
            exchange.endExchange();
            return;
        }
        Runnable share = shares.take(exchange);
        if (share == null) {
            Problem.tooMany(
                            "this address has as many live streams as it may; the value is at /counters/" + name,
                            TRY_AGAIN)
                    .send(exchange);
            return;
        }
        if (open.incrementAndGet() > max || closed) {
            open.decrementAndGet();
            share.run();
            new Problem(
                            503,
                            "too-many-streams",
                            "every live stream is taken; the value is at /counters/" + name,
                            TRY_AGAIN)
                    .send(exchange);
            return;
        }
        head(exchange);
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> begin(exchange, name, share));
    }

    private static void head(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/event-stream");
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseHeaders().put(X_ACCEL_BUFFERING, "no"); // else nginx would buffer the events
    }

    private void begin(HttpServerExchange exchange, CounterName name, Runnable share) {
        ClientMemory.forgetHead(exchange);
        EventStream stream = new EventStream(exchange);
        AtomicBoolean ended = new AtomicBoolean();
        Runnable end = () -> {
            if (ended.compareAndSet(false, true)) {
                open.decrementAndGet();
                share.run();
                forget(name, stream);
            }
        };
        exchange.addExchangeCompleteListener((done, next) -> {
            end.run();
            next.proceed();
        });
        exchange.getConnection().addCloseListener(connection -> end.run());
        Watch watch = watches.compute(name, (key, there) -> {
            Watch joined = there == null ? new Watch() : there;
            stream.comesAs(joined.newcomers.incrementAndGet());
            joined.streams.add(stream);
            return joined;
        });
        stream.heartbeat(); // sends the head at once, before there is a value
        read(name, watch);
        if (closed) {
            stream.end();
        }
    }

    private void forget(CounterName name, EventStream stream) {
        watches.computeIfPresent(name, (key, watch) -> {
            watch.streams.remove(stream);
            return watch.streams.isEmpty() ? null : watch;
        });
    }

    private void tick() {
        try {
            ticks++;
            watches.forEach(this::read);
            if (ticks % heartbeatEvery == 0) {
                watches.values().forEach(watch -> watch.streams.forEach(EventStream::heartbeat));
            }
        } catch (Throwable e) {
            LOG.warn("live values were not read; trying again", e); // an exception would silently end the schedule
        }
    }

    private void read(CounterName name, Watch watch) {
        if (!watch.reading.compareAndSet(false, true)) {
            return;
        }
        long newcomers = watch.newcomers.get();
        store.counter(name).value().whenComplete((now, failure) -> {
            watch.reading.set(false);
            if (now != null) {
                watch.streams.forEach(stream -> stream.offer(now, newcomers));
                if (watch.newcomers.get() != newcomers) {
                    read(name, watch); // another stream arrived meanwhile
                }
            } else {
                LOG.debug("live value of {} was not read: {}", name, message(failure));
            }
        });
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null ? "no value" : String.valueOf(failure.getMessage());
    }

    /** Ends every stream; its client may open one elsewhere. */
    @Override
    public void close() {
        closed = true;
        ticking.cancel(false);
        time.shutdown();
        watches.values().forEach(watch -> watch.streams.forEach(EventStream::end));
    }
}
