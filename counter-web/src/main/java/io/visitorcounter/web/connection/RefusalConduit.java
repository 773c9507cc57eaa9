package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Replaces the refusals of Undertow itself with ours. Undertow answers an unreadable request with a bare 400, and one
 *  with an ambiguous Host with a 400 that has the reason in its first line. */
final class RefusalConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalConduit.class);

    /** Undertow's complete response. No handler's response is the same, since each has more headers. */
    private static final byte[] BARE = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    /** The beginning of a refusal in HTTP/1.0 or 1.1. If any other words than ours follow, it is Undertow's. */
    private static final byte[] REFUSED = "HTTP/1.1 400 ".getBytes(StandardCharsets.US_ASCII);

    private static final int MINOR_VERSION = "HTTP/1.".length();
    private static final byte[] OWN_REASON = "Bad Request".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] WRONG_HOST = Guard.wrongHost().closing();

    private static final byte[] NO_MEMORY = Problem.tooBusy().closing();

    private static final byte[] WRONG_VERSION = Guard.wrongVersion().closing();

    private final Refusals refusals;
    private final Object client;
    private final Supplier<byte[]> refusal;
    private final Runnable refused;

    /** Handles one connection.
     *
     *  @param refusal the response to a client whose head can't be read
     *  @param refused runs when a response of Undertow is replaced */
    RefusalConduit(
            StreamSinkConduit next, Refusals refusals, Object client, Supplier<byte[]> refusal, Runnable refused) {
        super(next);
        this.refusals = refusals;
        this.client = client;
        this.refusal = refusal;
        this.refused = refused;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (isBare(source)) {
            return refuse(source, refusal.get());
        }
        return isOfHost(source) ? refuse(source, WRONG_HOST) : next.write(source);
    }

    private int refuse(ByteBuffer source, byte[] problem) throws IOException {
        LOG.debug("a request of {} can't be read", client);
        refusals.count(Refusals.UNREADABLE);
        refused.run();
        int length = source.remaining();
        source.position(source.limit());
        next.write(ByteBuffer.wrap(problem));
        return length;
    }

    private static boolean isBare(ByteBuffer source) {
        return source.remaining() == BARE.length && source.equals(ByteBuffer.wrap(BARE));
    }

    private static boolean isOfHost(ByteBuffer source) {
        int at = source.position();
        if (source.remaining() < REFUSED.length + OWN_REASON.length
                || source.get(at + REFUSED.length - 2) != '0'
                || source.get(at + REFUSED.length - 4) != '4') {
            return false; // as nearly all
        }
        for (int i = 0; i < REFUSED.length; i++) {
            if (source.get(at + i) != REFUSED[i] && i != MINOR_VERSION) {
                return false;
            }
        }
        for (int i = 0; i < OWN_REASON.length; i++) {
            if (source.get(at + REFUSED.length + i) != OWN_REASON[i]) {
                return true;
            }
        }
        return false;
    }

    /** Tells the client, if it still reads, that there is no memory for its head. */
    void refuseHead() {
        LOG.debug("a request of {} is refused: too many heads are not complete", client);
        refuseUnread(Refusals.MEMORY, NO_MEMORY);
    }

    /** Tells the client that its HTTP version is not supported. */
    void refuseVersion() {
        LOG.debug("a request of {} is refused: it is of another HTTP than 1.x", client);
        refuseUnread(Refusals.UNREADABLE, WRONG_VERSION);
    }

    private void refuseUnread(String reason, byte[] problem) {
        refusals.count(reason);
        try {
            next.write(ByteBuffer.wrap(problem));
        } catch (IOException e) {
            LOG.trace("not told", e); // the connection is closed next
        }
    }
}
