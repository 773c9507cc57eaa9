package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Says in our words what Undertow refuses by itself: to a request that it can't read, it answers with a bare 400. */
final class RefusalConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalConduit.class);

    /** All that Undertow says; no response of a handler is the same, since each has more headers. */
    private static final byte[] BARE = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NO_MEMORY = Problem.tooBusy().closing();

    private final Refusals refusals;
    private final Object client;
    private final Supplier<byte[]> refusal;

    /** Speaks for one connection.
     *
     *  @param next what is written to
     *  @param refusals counts them
     *  @param client the connection's address, for the log
     *  @param refusal what to tell a client whose head can't be read */
    RefusalConduit(StreamSinkConduit next, Refusals refusals, Object client, Supplier<byte[]> refusal) {
        super(next);
        this.refusals = refusals;
        this.client = client;
        this.refusal = refusal;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (source.remaining() != BARE.length || !source.equals(ByteBuffer.wrap(BARE))) {
            return next.write(source);
        }
        LOG.debug("a request of {} can't be read", client);
        refusals.count(Refusals.UNREADABLE);
        source.position(source.limit());
        next.write(ByteBuffer.wrap(refusal.get()));
        return BARE.length;
    }

    /** Tells the client, as far as it is there to be told, that there is no memory for its head. */
    void refuseHead() {
        LOG.debug("a request of {} is refused: too many heads are not complete", client);
        refusals.count(Refusals.MEMORY);
        try {
            next.write(ByteBuffer.wrap(NO_MEMORY));
        } catch (IOException e) {
            LOG.trace("not told", e); // the connection is closed next
        }
    }
}
