package io.visitorcounter.web.connection;

import io.visitorcounter.web.http.ClientMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Charges a connection for an incomplete request head, which Undertow keeps until the rest arrives. Also refuses a
 *  head with an HTTP version other than 1.x, which Undertow would silently treat as HTTP/1.1. It can't do so for a head
 *  that follows another in one read, because only Undertow can tell it from a body.
 *
 *  <p>The end of a head is recognised by Undertow's reads: it reads until the head is complete or there is no more
 *  data. So an empty read means that Undertow keeps what was read before. If reads are resumed after a non-empty read,
 *  the head was complete.
 *
 *  <p>Used only on the connection's I/O thread. */
final class HeadConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {

    private static final String USUAL_LINE = "GET / HTTP/1.1\r\n";

    /** The distance of the major version from the end of a line. */
    private static final int MAJOR = "1.1\r\n".length();

    /** The eight bytes before the end of a line, "TTP/1.1\r", without the digits. */
    private static final long VERSION = 0x5454502F_002E000DL;

    private static final long ALL_BUT_DIGITS = 0xFFFFFFFF_00FF00FFL;

    private final ClientMemory memory;
    private final InetAddress client;

    private Runnable refuse = () -> {};
    private Runnable refuseVersion = () -> {};
    private int bytes;
    private int lines;
    private int firstLine;
    private long kept;
    private long charged;
    private boolean readSome;
    private boolean refused;
    private boolean closed;

    /** Whether the complete first line of the head was seen. */
    private boolean lineSeen;

    /** The last bytes read of the first line; the newest is the lowest. */
    private long newest;

    /** Charges one connection, by its address. */
    HeadConduit(StreamSourceConduit next, ClientMemory memory, InetAddress client) {
        super(next);
        this.memory = memory;
        this.client = client;
    }

    /** Sets the tasks that tell the client why it is refused: no memory, or an unknown version. */
    void whenRefused(Runnable noRoom, Runnable otherVersion) {
        refuse = noRoom;
        refuseVersion = otherVersion;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int begin = into.position();
        int length = next.read(into);
        if (length > 0) {
            readSome = true;
            if (!lineSeen && isOtherVersion(into, begin, begin + length)) {
                refused = true;
                refuseVersion.run();
                throw new IOException("a request of another HTTP than 1.x");
            }
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

    int bytes() {
        return bytes;
    }

    /** {@return whether most of what was read is the head's first line} */
    boolean isMostlyLine() {
        return lines == 0 || firstLine > bytes / 2;
    }

    /** {@return whether the first line ends here and names a version other than 1.x} */
    private boolean isOtherVersion(ByteBuffer read, int begin, int end) {
        int usual = begin + USUAL_LINE.length();
        if (bytes == 0 && usual <= end && read.get(usual - 1) == '\n' && read.get(usual - MAJOR) == '1') {
            lineSeen = true; // as nearly always
            return false;
        }
        for (int i = begin; i < end; i++) {
            byte b = read.get(i);
            if (b == '\n') {
                lineSeen = true;
                int major = (int) (newest >> 24) & 0xff;
                return (newest & ALL_BUT_DIGITS) == VERSION
                        && isDigit(major)
                        && major != '1'
                        && isDigit((int) (newest >> 8) & 0xff);
            }
            newest = newest << 8 | (b & 0xff);
        }
        return false;
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    /** Returns what the connection was charged. */
    private void release() {
        lineSeen = false;
        newest = 0;
        bytes = 0;
        lines = 0;
        kept = 0;
        if (charged > 0) {
            memory.giveBack(client, charged);
            charged = 0;
        }
    }

    /** Notes that the connection is closed.
     *
     *  @return whether a part of a head had arrived without the rest */
    boolean close() {
        boolean incomplete = kept > 0 && !readSome && !closed && !refused;
        closed = true;
        release();
        return incomplete;
    }

    /** {@return the cost of the bytes if they are kept; 0 for the end of a head, as in most reads} */
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
