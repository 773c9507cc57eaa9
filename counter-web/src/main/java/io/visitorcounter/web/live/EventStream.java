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

/** One client that watches a counter. Costs no thread and no buffer while nothing changes. A client that reads slowly
 *  misses values in between, never the newest.
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

    /** The client has nothing more to say: what can be read is that it has closed. */
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

    /** Says which newcomer it is; before the first offer. */
    void comesAs(long number) {
        newcomer = number;
    }

    /** Sends the value, unless it was the last one sent, or may be older than the stream. On any thread.
     *
     *  @param value what was read
     *  @param newcomers how many had come when the reading began */
    void offer(CounterValue value, long newcomers) {
        if (newcomers < newcomer) {
            return;
        }
        onItsThread(() -> {
            newest = value;
            proceed();
        });
    }

    /** Sends a comment, by which proxies and this server learn whether the client is still there. On any thread. */
    void heartbeat() {
        onItsThread(() -> {
            if (unwritten == null) {
                unwritten = HEARTBEAT.duplicate();
            }
            proceed();
        });
    }

    /** Ends the stream after what was begun to be written. On any thread. */
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

    /** Writes as far as the socket takes it; called again when it takes more. */
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
