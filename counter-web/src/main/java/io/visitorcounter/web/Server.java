package io.visitorcounter.web;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.http.CoalescedWrites;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.OpenRequests;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** Listens, and stops without losing a request. */
final class Server {

    private static final Logger log = LoggerFactory.getLogger(Server.class);

    // Longer than any visit's deadline that is usual; a client that reads slower than this is given up.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

    // More than any client has use for.
    private static final int MOST_PARAMETERS = 20;

    /** The whole head of most requests, in bytes. A client that is slow with its head holds one such buffer. */
    private static final int BUFFER = 2048;

    private static final int BUFFERS_OF_A_THREAD = 4;
    private static final int UNBOUNDED = -1;

    /** Connections that the kernel keeps for the server until it accepts them; no more than the kernel's own bound. */
    private static final int BACKLOG = 1000;

    private final AppConfig.Http config;
    private final AcceptingChannel<StreamConnection> listening;

    private Server(AppConfig.Http config, AcceptingChannel<StreamConnection> listening) {
        this.config = config;
        this.listening = listening;
    }

    /** {@return a server that listens}
     *
     *  @throws StartException if the address can't be bound */
    static Server start(AppConfig.Http config, IoThreads threads, HttpHandler handler) throws StartException {
        HttpOpenListener http = new HttpOpenListener(
                new DefaultByteBufferPool(true, BUFFER, UNBOUNDED, BUFFERS_OF_A_THREAD), protocol(config.limits()));
        http.setRootHandler(handler);
        try {
            AcceptingChannel<StreamConnection> listening = threads.worker()
                    .createStreamConnectionServer(
                            new InetSocketAddress(InetAddress.getByName(config.host()), config.port()),
                            ChannelListeners.openListenerAdapter(connection -> open(connection, http)),
                            sockets(config.limits(), threads.count()));
            listening.resumeAccepts();
            return new Server(config, listening);
        } catch (IOException | RuntimeException e) {
            throw new StartException(
                    "http: " + config.host() + ":" + config.port() + ": can't listen: " + reason(e), e);
        }
    }

    // Undertow's builder has no place for a conduit below its own.
    private static void open(StreamConnection connection, HttpOpenListener http) {
        connection
                .getSinkChannel()
                .setConduit(new CoalescedWrites(connection.getSinkChannel().getConduit()));
        http.handleEvent(connection);
    }

    private static OptionMap protocol(AppConfig.Limits limits) {
        return OptionMap.builder()
                .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                // or Undertow keeps an answer back while it has a part of the connection's next request
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .set(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .set(UndertowOptions.MAX_HEADER_SIZE, Guard.READ * limits.headerBytes())
                .set(UndertowOptions.MAX_HEADERS, Guard.READ * Guard.MOST_HEADERS)
                .set(UndertowOptions.MAX_PARAMETERS, MOST_PARAMETERS)
                .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, (int)
                        limits.readTimeout().toMillis())
                .set(UndertowOptions.NO_REQUEST_TIMEOUT, (int)
                        limits.idleTimeout().toMillis())
                .set(UndertowOptions.IDLE_TIMEOUT, (int) limits.idleTimeout().toMillis())
                .getMap();
    }

    private static OptionMap sockets(AppConfig.Limits limits, int ioThreads) {
        return OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, ioThreads)
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                // one I/O thread accepts at a time, two connections and then the next one: each gets its share
                .set(Options.BALANCING_TOKENS, 1)
                .set(Options.BALANCING_CONNECTIONS, 2)
                .set(Options.WRITE_TIMEOUT, (int) limits.stallTimeout().toMillis())
                .set(Options.CONNECTION_HIGH_WATER, limits.connections())
                .set(Options.CONNECTION_LOW_WATER, limits.connections())
                .getMap();
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof BindException
                ? "the port is in use or the address is not this machine's; choose another with HTTP_PORT"
                : String.valueOf(cause.getMessage());
    }

    /** {@return the port that it listens at} */
    int port() {
        return listening.getLocalAddress(InetSocketAddress.class).getPort();
    }

    /** Goes on serving for the drain delay, not ready. */
    void drain(OpenRequests requests) {
        requests.drain();
        if (!config.drainDelay().isZero()) {
            log.info(
                    "stopping: not ready, still serving for {} ms",
                    config.drainDelay().toMillis());
            try {
                Thread.sleep(config.drainDelay().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops once every open request has its answer. */
    void stop(OpenRequests requests) {
        try {
            if (!requests.awaitNone(LAST_REQUESTS)) {
                log.warn(
                        "stopping: {} requests were still open after {} s", requests.open(), LAST_REQUESTS.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IoUtils.safeClose(listening);
    }
}
