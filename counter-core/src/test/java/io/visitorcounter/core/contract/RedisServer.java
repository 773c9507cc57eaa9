package io.visitorcounter.core.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A real Redis for tests. {@link #shared()} is one for the whole JVM; {@link #start} is one that a test may kill.
 *
 *  <p>Where it comes from: the server that the variable {@code REDIS_TEST_URI} names (shared only); Docker, if
 *  {@code -Dtest.redis=docker} (or the variable {@code TEST_REDIS}) asks for it; {@code redis-server} on the PATH; else
 *  the binary that the artifact {@code com.github.codemonstur:embedded-redis} carries. {@code -Dtest.redis=local} and
 *  {@code embedded} force one of the last two; a path is another server's, say Valkey's. */
public final class RedisServer implements AutoCloseable {

    private static @Nullable RedisServer shared;

    private final String host;
    private final int port;
    private final RedisAccess access;
    private final @Nullable RedisProcess process;
    private final @Nullable AutoCloseable container;

    private RedisServer(
            String host,
            int port,
            RedisAccess access,
            @Nullable RedisProcess process,
            @Nullable AutoCloseable container) {
        this.host = host;
        this.port = port;
        this.access = access;
        this.process = process;
        this.container = container;
    }

    /** {@return the server that all tests of this JVM may share; it ends with the JVM} */
    public static synchronized RedisServer shared() {
        if (shared == null) {
            shared = startShared();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    private static RedisServer startShared() {
        String uri = System.getenv("REDIS_TEST_URI");
        if (uri != null && !uri.isBlank()) {
            URI given = URI.create(uri);
            return new RedisServer(
                    given.getHost(), given.getPort() < 0 ? 6379 : given.getPort(), RedisAccess.PLAIN, null, null);
        }
        if (RedisBinary.wanted().equals("docker")) {
            DockerRedis container = DockerRedis.start();
            return new RedisServer(container.host(), container.port(), RedisAccess.PLAIN, null, container);
        }
        return start();
    }

    /** Starts a server on a free port of the loopback, in a folder of its own.
     *
     *  @param options as on the command line, for example {@code --appendonly yes}
     *  @return the running server; the caller closes it */
    public static RedisServer start(String... options) {
        return start(RedisAccess.PLAIN, options);
    }

    /** Starts a server on a free port of the loopback, in a folder of its own.
     *
     *  @param access how it is to be reached
     *  @param options as on the command line
     *  @return the running server; the caller closes it */
    public static RedisServer start(RedisAccess access, String... options) {
        int port = freePort();
        Path folder = newFolder();
        List<String> words = new ArrayList<>(access.options(port));
        words.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
        words.addAll(List.of(options));
        return launch(port, access, folder, words);
    }

    /** Starts a Sentinel that watches a master and is reached as the master is, but without a user.
     *
     *  @param name what it calls the master
     *  @param master the server to watch
     *  @return the running Sentinel; the caller closes it */
    public static RedisServer startSentinel(String name, RedisServer master) {
        int port = freePort();
        Path folder = newFolder();
        List<String> lines = new ArrayList<>(master.access.sentinelLines(port));
        lines.addAll(List.of(
                "bind 127.0.0.1",
                "dir " + folder,
                "sentinel monitor " + name + " 127.0.0.1 " + master.port() + " 1",
                "sentinel down-after-milliseconds " + name + " 500",
                "sentinel failover-timeout " + name + " 3000"));
        lines.addAll(master.access.watchingLines(name));
        try {
            Path config = Files.write(folder.resolve("sentinel.conf"), lines);
            return launch(port, master.access.withoutUser(), folder, List.of(config.toString(), "--sentinel"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("redis-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisServer launch(int port, RedisAccess access, Path folder, List<String> words) {
        RedisServer server = new RedisServer("127.0.0.1", port, access, new RedisProcess(folder, words), null);
        server.restart();
        return server;
    }

    /** {@return a port of the loopback that is free, as is the one 10000 above it, which a cluster's bus takes} */
    public static int freePort() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (isFree(port) && isFree(port + 10_000)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port of 20000..30000 found");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Starts the process again, with the same options and folder; what was on its disk is there. */
    public void restart() {
        own().start(this::answers);
    }

    private boolean answers() {
        try {
            return !command("PING").startsWith("-LOADING");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** {@return {@code redis://host:port}, or {@code rediss} with TLS} */
    public URI uri() {
        return URI.create(access.scheme() + "://" + host + ":" + port);
    }

    /** {@return the host} */
    public String host() {
        return host;
    }

    /** {@return the port} */
    public int port() {
        return port;
    }

    /** {@return where the process keeps its files} */
    public Path folder() {
        return own().folder();
    }

    /** Ends the process as a loss of power would, but for the page cache: with SIGKILL. */
    public void kill() {
        own().kill();
    }

    /** Stops the process from running, with SIGSTOP, until {@link #resume()}. */
    public void pause() {
        own().signal("STOP");
    }

    /** Lets a paused process run on. */
    public void resume() {
        own().signal("CONT");
    }

    private RedisProcess own() {
        if (process == null) {
            throw new IllegalStateException("this server is not this test's own: start one");
        }
        return process;
    }

    /** Sends one command, on a connection of its own.
     *
     *  @param words the command and its arguments
     *  @return the answer: a status, an error with its minus, an integer or a string as it is; the elements of an array
     *          on lines; nothing for nil */
    public String command(String... words) {
        try (Socket socket = access.connect(host, port)) {
            return Resp.ask(socket, words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                process.close();
            }
            if (container != null) {
                container.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a test's Redis could not be stopped", e);
        }
    }
}
