package io.visitorcounter.web.connection;

import io.undertow.server.protocol.http.HttpOpenListener;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.IdleConnections;
import io.visitorcounter.web.http.PerClientLimit;
import io.visitorcounter.web.http.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/** Accepts each new connection, or closes it if its address is at its limit. */
public final class ConnectionListener implements ChannelListener<StreamConnection> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionListener.class);

    private static final byte[] UNREADABLE = Problem.badRequest(
                    "expected an HTTP/1.1 request, with a URL in percent-encoded ASCII and at most "
                            + Guard.MAX_PARAMETERS + " query parameters")
            .closing();

    private final HttpOpenListener http;
    private final PerClientLimit places;
    private final ClientMemory memory;
    private final SlowReaders slowReaders;
    private final IdleConnections idle;
    private final Refusals refusals;
    private final int maxHead;
    private final byte[] longLine;
    private final byte[] longHeaders;

    /** Limits the connections of a server, and the size of a request's line and headers together, in bytes. */
    public ConnectionListener(
            HttpOpenListener http,
            PerClientLimit places,
            ClientMemory memory,
            SlowReaders slowReaders,
            IdleConnections idle,
            Refusals refusals,
            int maxHead) {
        this.http = http;
        this.places = places;
        this.memory = memory;
        this.slowReaders = slowReaders;
        this.idle = idle;
        this.refusals = refusals;
        this.maxHead = maxHead;
        this.longLine = Guard.tooLong(maxHead, true).closing();
        this.longHeaders = Guard.tooLong(maxHead, false).closing();
    }

    @Override
    public void handleEvent(StreamConnection connection) {
        InetSocketAddress peer = connection.getPeerAddress(InetSocketAddress.class);
        if (peer == null) {
            IoUtils.safeClose(connection); // it is closed already
            return;
        }
        InetAddress client = peer.getAddress();
        Runnable place = places.take(client);
        if (place == null) {
            LOG.debug("a connection of {} is refused: it has as many as it may", client);
            refusals.count(Refusals.CONNECTIONS);
            IoUtils.safeClose(connection);
            return;
        }
        HeadConduit source = new HeadConduit(connection.getSourceChannel().getConduit(), memory, client);
        SlowReaderConduit reader =
                new SlowReaderConduit(connection.getSinkChannel().getConduit(), slowReaders, refusals, client);
        RefusalConduit sink = new RefusalConduit(reader, refusals, client, () -> refusal(source), source::refused);
        source.whenRefused(sink::refuseHead, sink::refuseVersion);
        connection.getSinkChannel().setConduit(sink);
        connection.getSourceChannel().setConduit(source);
        idle.opened(connection, source);
        http.handleEvent(connection);
        whenClosed(connection, () -> {
            if (source.close()) {
                LOG.debug("a connection of {} ended before the head of its request was complete", client);
                refusals.count(Refusals.INCOMPLETE);
            }
            reader.close();
            idle.closed(connection);
            place.run();
        });
    }

    private byte[] refusal(HeadConduit head) {
        if (head.bytes() <= maxHead) {
            return UNREADABLE;
        }
        return head.isMostlyLine() ? longLine : longHeaders;
    }

    /** Undertow listens for the close too, and a connection has only one listener. */
    private static void whenClosed(StreamConnection connection, Runnable task) {
        ChannelListener<? super StreamConnection> undertow = connection.getCloseListener();
        connection.setCloseListener(closed -> {
            task.run();
            if (undertow != null) {
                ChannelListeners.invokeChannelListener(closed, undertow);
            }
        });
        if (!connection.isOpen()) {
            task.run(); // both parts may run twice: the close may have come before the listener
        }
    }
}
