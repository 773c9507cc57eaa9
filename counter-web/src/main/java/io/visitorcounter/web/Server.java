package io.visitorcounter.web;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.connection.ConnectionListener;
import io.visitorcounter.web.connection.Refusals;
import io.visitorcounter.web.fast.IoThreads;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.IdleConnections;
import io.visitorcounter.web.http.OpenRequests;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** Listens, serves, and stops without losing a request. Clients that connect before it serves wait, and so do their
 *  requests. */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    // Longer than the usual deadlines of visits; clients that read more slowly are dropped.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

    /** Holds the whole head of most requests, in bytes. A client that sends its head slowly occupies one such buffer. */
    private static final int BUFFER = 2048;

    // Undertow's defaults: buffers that a thread caches, and how many clients may wait to be accepted.
    private static final int BUFFERS_OF_A_THREAD = 4;
    private static final int BACKLOG = 1000;

    private final Duration drainDelay;
    private final HttpOpenListener http;
    private final AcceptingChannel<StreamConnection> channel;

    private Server(Duration drainDelay, HttpOpenListener http, AcceptingChannel<StreamConnection> channel) {
        this.drainDelay = drainDelay;
        this.http = http;
        this.channel = channel;
    }

    /** {@return a server that listens and does not serve yet}
     *
     *  @throws StartException if the address can't be bound */
    static Server listen(
            AppConfig config, IoThreads threads, ClientBounds bounds, IdleConnections idle, Refusals refusals)
            throws StartException {
        // Direct buffers, because the JVM would copy others once more.
        HttpOpenListener http =
                new HttpOpenListener(new DefaultByteBufferPool(true, BUFFER, -1, BUFFERS_OF_A_THREAD), options(config));
        ConnectionListener opened = new ConnectionListener(
                http,
                bounds.places(),
                bounds.memory(),
                bounds.slowReaders(),
                idle,
                refusals,
                config.get(ConfigKeys.HTTP_MAX_HEADER_BYTES));
        String host = config.get(ConfigKeys.HTTP_HOST);
        int port = config.get(ConfigKeys.HTTP_PORT);
        try {
            AcceptingChannel<StreamConnection> channel = threads.worker()
                    .createStreamConnectionServer(
                            new InetSocketAddress(InetAddress.getByName(host), port),
                            server -> accept(server, opened),
                            socketOptions(config, bounds.connections()));
            return new Server(config.get(ConfigKeys.HTTP_DRAIN_DELAY), http, channel);
        } catch (IOException e) {
            throw new StartException("http: " + host + ":" + port + ": can't listen: " + reason(e), e);
        }
    }

    private static void accept(AcceptingChannel<StreamConnection> server, ConnectionListener opened) {
        try {
            StreamConnection connection = server.accept();
            if (connection != null) {
                ChannelListeners.invokeChannelListener(connection, opened);
            }
        } catch (ClosedChannelException e) {
            LOG.debug("a client came while the server stopped");
        } catch (IOException e) {
            LOG.warn("http: can't accept a connection: {}", e.getMessage());
        }
    }

    private static OptionMap options(AppConfig config) {
        int idleTimeout = (int) config.get(ConfigKeys.HTTP_IDLE_TIMEOUT).toMillis();
        return OptionMap.builder()
                .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                // else Undertow holds a response back while it has a part of the connection's next request
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .set(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .set(UndertowOptions.MAX_HEADER_SIZE, config.get(ConfigKeys.HTTP_MAX_HEADER_BYTES) + Guard.READ_ON)
                .set(UndertowOptions.MAX_HEADERS, 4 * Guard.MAX_HEADERS)
                .set(UndertowOptions.MAX_PARAMETERS, Guard.MAX_PARAMETERS)
                .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, (int)
                        config.get(ConfigKeys.HTTP_READ_TIMEOUT).toMillis())
                .set(UndertowOptions.NO_REQUEST_TIMEOUT, idleTimeout)
                .set(UndertowOptions.IDLE_TIMEOUT, idleTimeout)
                .getMap();
    }

    private static OptionMap socketOptions(AppConfig config, int connections) {
        return OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                .set(Options.SEND_BUFFER, ClientBounds.SOCKET_BUFFER)
                .set(Options.RECEIVE_BUFFER, ClientBounds.SOCKET_BUFFER)
                .set(Options.WRITE_TIMEOUT, (int) config.stallTimeout().toMillis())
                .set(Options.CONNECTION_HIGH_WATER, connections)
                .set(Options.CONNECTION_LOW_WATER, connections)
                .getMap();
    }

    private static String reason(IOException failure) {
        return failure instanceof BindException
                ? "the port is in use or the address is not this machine's; choose another with HTTP_PORT"
                : String.valueOf(failure.getMessage());
    }

    int port() {
        return channel.getLocalAddress(InetSocketAddress.class).getPort();
    }

    /** Serves waiting and new clients. */
    void serve(HttpHandler handler) {
        http.setRootHandler(handler);
        channel.resumeAccepts();
    }

    /** Keeps serving for the drain delay, but reports not ready. */
    void drain(OpenRequests requests) {
        requests.drain();
        if (!drainDelay.isZero()) {
            LOG.info("stopping: not ready, still serving for {} ms", drainDelay.toMillis());
            try {
                Thread.sleep(drainDelay.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops once every open request has its response. */
    void stop(OpenRequests requests) {
        try {
            if (!requests.awaitNone(LAST_REQUESTS)) {
                LOG.warn(
                        "stopping: {} requests were still open after {} s", requests.open(), LAST_REQUESTS.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    void close() {
        IoUtils.safeClose(channel);
        http.closeConnections();
    }
}
