package io.visitorcounter.web;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.http.OpenRequests;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and stops without losing a request. */
final class Server implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Server.class);

    // Longer than any visit's deadline that is usual; a client that reads slower than this is given up.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

    private final AppConfig.Http config;
    private final OpenRequests requests;
    private final Undertow undertow;

    private Server(AppConfig.Http config, OpenRequests requests, Undertow undertow) {
        this.config = config;
        this.requests = requests;
        this.undertow = undertow;
    }

    /** {@return how many I/O threads a server has on this machine} */
    static int ioThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    /** {@return a server that listens}
     *
     *  @throws StartException if the address can't be bound */
    static Server start(AppConfig.Http config, OpenRequests requests) throws StartException {
        Undertow undertow = Undertow.builder()
                .addHttpListener(config.port(), config.host())
                .setIoThreads(ioThreads())
                .setWorkerThreads(1) // nothing blocks, so nothing is handed to workers
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                // or Undertow keeps an answer back while it has a part of the connection's next request
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .setHandler(requests)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw new StartException(
                    "http: " + config.host() + ":" + config.port() + ": can't listen: " + reason(e), e);
        }
        return new Server(config, requests, undertow);
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

    /** Stops: not ready at once, serving until the drain delay is over and every open request has its answer. */
    @Override
    public void close() {
        requests.drain();
        try {
            if (!config.drainDelay().isZero()) {
                log.info(
                        "stopping: not ready, still serving for {} ms",
                        config.drainDelay().toMillis());
                Thread.sleep(config.drainDelay().toMillis());
            }
            if (!requests.awaitNone(LAST_REQUESTS)) {
                log.warn(
                        "stopping: {} requests were still open after {} s", requests.open(), LAST_REQUESTS.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        undertow.stop();
    }
}
