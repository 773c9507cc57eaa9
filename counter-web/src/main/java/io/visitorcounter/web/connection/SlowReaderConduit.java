package io.visitorcounter.web.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Buffers;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Takes a place among the slow readers while the system does not accept everything that is written to the connection,
 *  and breaks the connection if there is no place. Used only on the connection's I/O thread. */
final class SlowReaderConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {

    private static final Logger LOG = LoggerFactory.getLogger(SlowReaderConduit.class);

    private final SlowReaders readers;
    private final Refusals refusals;
    private final InetAddress client;
    private @Nullable Runnable place;
    private boolean closed;

    SlowReaderConduit(StreamSinkConduit next, SlowReaders readers, Refusals refusals, InetAddress client) {
        super(next);
        this.readers = readers;
        this.refusals = refusals;
        this.client = client;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = next.write(source);
        written(source.hasRemaining());
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = next.write(sources, offset, length);
        written(Buffers.hasRemaining(sources, offset, length));
        return written;
    }

    @Override
    public int writeFinal(ByteBuffer source) throws IOException {
        int written = next.writeFinal(source);
        written(source.hasRemaining());
        return written;
    }

    @Override
    public long writeFinal(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = next.writeFinal(sources, offset, length);
        written(Buffers.hasRemaining(sources, offset, length));
        return written;
    }

    private void written(boolean rest) throws IOException {
        if (!rest) {
            giveBack();
        } else if (place == null && !closed) {
            place = readers.take(client);
            if (place == null) {
                LOG.debug("a connection of {} is closed: too many clients do not read their responses", client);
                refusals.count(Refusals.UNREAD);
                throw new IOException("no memory for more clients that do not read");
            }
        }
    }

    private void giveBack() {
        Runnable taken = place;
        if (taken != null) {
            place = null;
            taken.run();
        }
    }

    /** Notes that the connection is closed. */
    void close() {
        closed = true;
        giveBack();
    }
}
