package io.visitorcounter.web;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.OpenRequests;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/** Listens, and stops without losing a request. */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    // Longer than any visit's deadline that is usual; a client that reads slower than this is given up.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

    // More than any client has use for.
    private static final int MAX_PARAMETERS = 20;

    /** The whole head of most requests, in bytes. A client that is slow with its head holds one such buffer. */
    private static final int BUFFER = 2048;

    private final AppConfig.Http config;
    private final Undertow undertow;

    private Server(AppConfig.Http config, Undertow undertow) {
        this.config = config;
        this.undertow = undertow;
    }

    /** {@return a server that listens}
     *
     *  @throws StartException if the address can't be bound */
    static Server start(AppConfig.Http config, IoThreads threads, HttpHandler handler) throws StartException {
        AppConfig.Limits limits = config.limits();
        Undertow undertow = Undertow.builder()
                .addHttpListener(config.port(), config.host())
                .setWorker(threads.worker())
                // by default they go by the heap, down to 512 bytes that the JVM copies again
                .setDirectBuffers(true)
                .setBufferSize(BUFFER)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                // or Undertow keeps a response back while it has a part of the connection's next request
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, Guard.READ * limits.headerBytes())
                .setServerOption(UndertowOptions.MAX_HEADERS, Guard.READ * Guard.MAX_HEADERS)
                .setServerOption(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, (int)
                        limits.readTimeout().toMillis())
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, (int)
                        limits.idleTimeout().toMillis())
                .setServerOption(
                        UndertowOptions.IDLE_TIMEOUT, (int) limits.idleTimeout().toMillis())
                .setSocketOption(
                        Options.WRITE_TIMEOUT, (int) limits.stallTimeout().toMillis())
                .setSocketOption(Options.CONNECTION_HIGH_WATER, limits.connections())
                .setSocketOption(Options.CONNECTION_LOW_WATER, limits.connections())
                .setHandler(handler)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw new StartException(
                    "http: " + config.host() + ":" + config.port() + ": can't listen: " + reason(e), e);
        }
        return new Server(config, undertow);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof BindException
                ? "the port is in use or the address is not this machine's; choose another with HTTP_PORT"
                : String.valueOf(cause.getMessage());
    }

    /** {@return the port that it listens at} */
    int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    /** Goes on serving for the drain delay, not ready. */
    void drain(OpenRequests requests) {
        requests.drain();
        if (!config.drainDelay().isZero()) {
            LOG.info(
                    "stopping: not ready, still serving for {} ms",
                    config.drainDelay().toMillis());
            try {
                Thread.sleep(config.drainDelay().toMillis());
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
        undertow.stop();
    }
}
