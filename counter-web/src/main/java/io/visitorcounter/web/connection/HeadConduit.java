package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.ClientMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Charges a connection for the request head that it has sent a part of. Undertow keeps that part until the rest comes.
 *
 *  <p>How the end of a head is known: Undertow reads until the head is complete or nothing is there. So a read of nothing
 *  means that what was read before is kept; and reads that are resumed after a read of something, that it was complete.
 *
 *  <p>Only for the connection's I/O thread. */
final class HeadConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {

    private final ClientMemory memory;
    private final InetAddress client;

    private Runnable refuse = () -> {};
    private int bytes;
    private int lines;
    private int firstLine;
    private long kept;
    private long charged;
    private boolean readSome;
    private boolean refused;
    private boolean closed;

    /** Charges one connection.
     *
     *  @param next what is read from
     *  @param memory that is charged
     *  @param client the connection's own address */
    HeadConduit(StreamSourceConduit next, ClientMemory memory, InetAddress client) {
        super(next);
        this.memory = memory;
        this.client = client;
    }

    /** Sets what tells the client that there is no room. */
    void whenRefused(Runnable task) {
        refuse = task;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int begin = into.position();
        int length = next.read(into);
        if (length > 0) {
            readSome = true;
            bytes += length;
            long cost = cost(into, begin, length);
            kept += kept == 0 && cost > 0 ? ClientMemory.INCOMPLETE + cost : cost;
        } else {
            readSome = false;
            if (length == 0) {
                charge();
            }
        }
        return length;
    }

    @Override
    public void resumeReads() {
        if (readSome) {
            readSome = false;
            release();
        }
        next.resumeReads();
    }

    private void charge() throws IOException {
        long more = kept - charged;
        if (more <= 0 || closed) {
            return;
        }
        if (!memory.take(client, more)) {
            refused = true;
            refuse.run();
            throw new IOException("no memory for more request heads that are not complete");
        }
        charged = kept;
    }

    /** {@return how many bytes of the head were read} */
    int bytes() {
        return bytes;
    }

    /** {@return whether most of what was read is the head's first line} */
    boolean isMostlyLine() {
        return lines == 0 || firstLine > bytes / 2;
    }

    /** Gives back what the connection was charged. */
    private void release() {
        bytes = 0;
        lines = 0;
        kept = 0;
        if (charged > 0) {
            memory.giveBack(client, charged);
            charged = 0;
        }
    }

    /** The connection is closed.
     *
     *  @return whether a part of a head had come, and the rest never did */
    boolean close() {
        boolean incomplete = kept > 0 && !readSome && !closed && !refused;
        closed = true;
        release();
        return incomplete;
    }

    /** {@return what the bytes cost where they are kept; nothing for the end of a head, as most reads are} */
    private int cost(ByteBuffer read, int begin, int length) {
        int end = begin + length;
        if (length >= 4
                && read.get(end - 1) == '\n'
                && read.get(end - 2) == '\r'
                && read.get(end - 3) == '\n'
                && read.get(end - 4) == '\r') {
            return 0;
        }
        int before = lines;
        int parameters = 0;
        for (int i = begin; i < end; i++) {
            byte b = read.get(i);
            if (b == '\n') {
                if (lines == 0) {
                    firstLine = bytes - length + i - begin;
                }
                lines++;
            } else if (b == '&') {
                parameters++;
            }
        }
        return ClientMemory.cost(length, lines - before, parameters);
    }
}
