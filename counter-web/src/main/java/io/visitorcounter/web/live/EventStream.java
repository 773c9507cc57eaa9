package io.visitorcounter.web.live;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.web.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/** One client that watches a counter. Needs no thread or buffer while nothing changes. A client that reads slowly
 *  misses intermediate values, never the newest.
 *
 *  <p>Only its connection's I/O thread touches its fields. */
final class EventStream {

    private static final ByteBuffer HEARTBEAT =
            ByteBuffer.wrap(":\n\n".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();

    private final HttpServerExchange exchange;
    private final StreamSinkChannel sink;
    private volatile long newcomer;
    private @Nullable CounterValue newest;
    private @Nullable CounterValue sent;
    private @Nullable ByteBuffer unwritten;
    private boolean flushing;
    private boolean ending;

    EventStream(HttpServerExchange exchange) {
        this.exchange = exchange;
        this.sink = exchange.getResponseChannel();
        sink.getWriteSetter().set(channel -> proceed());
        if (exchange.getConnection() instanceof AbstractServerConnection connection) {
            ConduitStreamSourceChannel source = connection.getChannel().getSourceChannel();
            source.setReadListener(this::closeIfGone);
            source.resumeReads();
        }
    }

    /** The client sends nothing more, so readable input means that it has closed the connection. */
    private void closeIfGone(ConduitStreamSourceChannel source) {
        try {
            if (source.read(ByteBuffer.allocate(1)) < 0) {
                IoUtils.safeClose(exchange.getConnection());
            } else {
                source.suspendReads();
            }
        } catch (IOException e) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    /** Sets the stream's number among the newcomers. Called before the first offer. */
    void comesAs(long number) {
        newcomer = number;
    }

    /** Sends the value, unless it was sent last or may be older than the stream. May be called on any thread.
     *
     *  @param value the value that was read
     *  @param newcomers how many streams had arrived when the read began */
    void offer(CounterValue value, long newcomers) {
        if (newcomers < newcomer) {
            return;
        }
        onItsThread(() -> {
            newest = value;
            proceed();
        });
    }

    /** Sends a comment, by which proxies and this server learn whether the client is still there. May be called on any
     *  thread. */
    void heartbeat() {
        onItsThread(() -> {
            if (unwritten == null) {
                unwritten = HEARTBEAT.duplicate();
            }
            proceed();
        });
    }

    /** Ends the stream after the current write. May be called on any thread. */
    void end() {
        onItsThread(() -> {
            ending = true;
            proceed();
        });
    }

    private void onItsThread(Runnable task) {
        try {
            exchange.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            // the server has stopped and its connections with it
        }
    }

    /** Writes as much as the socket accepts; called again when it accepts more. */
    private void proceed() {
        if (exchange.isResponseComplete()) {
            return;
        }
        try {
            while (true) {
                if (unwritten == null && newest != null && !newest.equals(sent) && !ending) {
                    unwritten = event(newest);
                    sent = newest;
                }
                if (unwritten != null) {
                    sink.write(unwritten);
                    if (unwritten.hasRemaining()) {
                        sink.resumeWrites();
                        return;
                    }
                    unwritten = null;
                    flushing = true;
                    continue;
                }
                if (flushing && !sink.flush()) {
                    sink.resumeWrites();
                    return;
                }
                flushing = false;
                sink.suspendWrites();
                if (ending) {
                    exchange.endExchange();
                }
                return;
            }
        } catch (IOException e) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private static ByteBuffer event(CounterValue value) {
        String text = "data: "
                + Json.object(json -> json.put("value", value.value()).put("generation", value.generation())) + "\n\n";
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
