package io.visitorcounter.web.connection;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.RequestWatch;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Charges a connection for an incomplete request head, which Undertow keeps until the rest arrives. Also refuses a
 *  head with an HTTP version other than 1.x, which Undertow would silently treat as HTTP/1.1. It can't do so for a head
 *  that follows another in one read, because only Undertow can tell it from a body.
 *
 *  <p>What is read belongs to a head until a request begins, and then to the request's body until it ends. Undertow
 *  reads until the head is complete or there is no more data, so an empty read means that it keeps what was read
 *  before.
 *
 *  <p>Used only on the connection's I/O thread, apart from the end of a request, during which nothing is read. */
final class HeadConduit extends AbstractStreamSourceConduit<StreamSourceConduit> implements RequestWatch {

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
    private int lastCost;
    private long kept;
    private long charged;
    private boolean inRequest;
    private boolean ending;
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
        if (inRequest) {
            return length;
        }
        if (length > 0) {
            if (!lineSeen && isOtherVersion(into, begin, begin + length)) {
                ending = true;
                refuseVersion.run();
                throw new IOException("a request of another HTTP than 1.x");
            }
            bytes += length;
            lastCost = cost(into, begin, length);
            kept += kept == 0 && lastCost > 0 ? ClientMemory.INCOMPLETE + lastCost : lastCost;
        } else if (length == 0) {
            charge();
        }
        return length;
    }

    @Override
    public void began(HttpServerExchange exchange) {
        inRequest = true;
        release();
        int more = behindRequest(exchange);
        if (more > 0) {
            lineSeen = true; // where it begins is not known here
            bytes = more;
            kept = lastCost > 0 ? ClientMemory.INCOMPLETE + lastCost : 0;
        }
    }

    /** {@return how many bytes of a next request were read together with the end of this one} */
    private static int behindRequest(HttpServerExchange exchange) {
        PooledByteBuffer read = exchange.getConnection() instanceof AbstractServerConnection connection
                ? connection.getExtraBytes()
                : null;
        return read == null
                ? 0
                : (int) Math.max(0, read.getBuffer().remaining() - Math.max(0, exchange.getRequestContentLength()));
    }

    @Override
    public void ended(HttpServerExchange exchange) {
        inRequest = false;
        ending |= !exchange.isPersistent();
    }

    /** Notes that the head is refused and the connection will be closed. */
    void refused() {
        ending = true;
    }

    private void charge() throws IOException {
        long more = kept - charged;
        if (more <= 0 || closed) {
            return;
        }
        if (!memory.take(client, more)) {
            ending = true;
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
        boolean incomplete = kept > 0 && !inRequest && !ending && !closed;
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
