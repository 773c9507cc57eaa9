package io.visitorcounter.core.contract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Redis for tests. {@link #shared()} is one for the whole JVM; {@link #start} is one that a test may kill.
 *
 *  <p>Where it comes from: the server that the variable {@code REDIS_TEST_URI} names (shared only); Docker, if
 *  {@code -Dtest.redis=docker} (or the variable {@code TEST_REDIS}) asks for it; {@code redis-server} on the PATH; else
 *  the binary that the artifact {@code com.github.codemonstur:embedded-redis} carries. {@code -Dtest.redis=local} and
 *  {@code embedded} force one of the last two. */
public final class RedisServer implements AutoCloseable {

    private static final Duration STARTING = Duration.ofSeconds(20);
    private static @Nullable RedisServer shared;

    private final String host;
    private final int port;
    private final List<String> command;
    private final @Nullable Path folder;
    private final @Nullable AutoCloseable container;
    private @Nullable Process process;

    private RedisServer(
            String host, int port, List<String> command, @Nullable Path folder, @Nullable AutoCloseable container) {
        this.host = host;
        this.port = port;
        this.command = command;
        this.folder = folder;
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
                    given.getHost(), given.getPort() < 0 ? 6379 : given.getPort(), List.of(), null, null);
        }
        if (RedisBinary.wanted().equals("docker")) {
            DockerRedis container = DockerRedis.start();
            return new RedisServer(container.host(), container.port(), List.of(), null, container);
        }
        return start();
    }

    /** Starts a server on a free port of the loopback, in a folder of its own.
     *
     *  @param options as on the command line, for example {@code --appendonly yes}
     *  @return the running server; the caller closes it */
    public static RedisServer start(String... options) {
        return startOn(freePort(), options);
    }

    /** Starts a server on that port of the loopback.
     *
     *  @param port a free one
     *  @param options as on the command line
     *  @return the running server; the caller closes it */
    public static RedisServer startOn(int port, String... options) {
        Path folder = newFolder();
        List<String> words = new ArrayList<>(List.of(
                "--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
        words.addAll(List.of(options));
        return launch(port, folder, words);
    }

    /** Starts a Sentinel that watches a master.
     *
     *  @param name what it calls the master
     *  @param master the server to watch
     *  @return the running Sentinel; the caller closes it */
    public static RedisServer startSentinel(String name, RedisServer master) {
        int port = freePort();
        Path folder = newFolder();
        try {
            Path config = Files.writeString(
                    folder.resolve("sentinel.conf"),
                    String.join(
                            "\n",
                            "port " + port,
                            "bind 127.0.0.1",
                            "dir " + folder,
                            "sentinel monitor " + name + " 127.0.0.1 " + master.port() + " 1",
                            "sentinel down-after-milliseconds " + name + " 500",
                            "sentinel failover-timeout " + name + " 3000",
                            ""));
            return launch(port, folder, List.of(config.toString(), "--sentinel"));
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

    private static RedisServer launch(int port, Path folder, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(RedisBinary.path().toString());
        command.addAll(words);
        RedisServer server = new RedisServer("127.0.0.1", port, List.copyOf(command), folder, null);
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
        Path home = ownFolder();
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + command.get(0), e);
        }
        awaitAnswer();
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (System.nanoTime() < deadline) {
            Process own = process;
            if (own != null && !own.isAlive()) {
                throw new IllegalStateException("redis-server ended: " + log());
            }
            try {
                if (!command("PING").startsWith("-LOADING")) {
                    return;
                }
            } catch (UncheckedIOException notYet) {
                Thread.onSpinWait();
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a server started", e);
            }
        }
        throw new IllegalStateException("redis-server does not answer: " + log());
    }

    private String log() {
        try {
            return folder == null ? "" : Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** {@return {@code redis://host:port}} */
    public URI uri() {
        return URI.create("redis://" + host + ":" + port);
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
        return ownFolder();
    }

    /** Ends the process as a loss of power would, but for the page cache: with SIGKILL. */
    public void kill() {
        Process own = ownProcess();
        own.destroyForcibly();
        await(own);
    }

    /** Stops the process from running, with SIGSTOP, until {@link #resume()}. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused process run on. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(ownProcess().pid()))
                    .start();
            await(kill);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process ending) {
        try {
            ending.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process ended", e);
        }
    }

    private Process ownProcess() {
        Process own = process;
        if (own == null) {
            throw new IllegalStateException("this server is not this test's own: start one");
        }
        return own;
    }

    private Path ownFolder() {
        Path own = folder;
        if (own == null) {
            throw new IllegalStateException("this server is not this test's own: start one");
        }
        return own;
    }

    /** Sends one command, on a connection of its own.
     *
     *  @param words the command and its arguments
     *  @return the answer: a status, an error with its minus, an integer or a string as it is; the elements of an array
     *          on lines; nothing for nil */
    public String command(String... words) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2000);
            socket.setSoTimeout(15_000);
            StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                text.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            return answer(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(InputStream in) throws IOException {
        int kind = in.read();
        String line = line(in);
        return switch (kind) {
            case '+', ':' -> line;
            case '-' -> "-" + line;
            case '$' -> {
                int length = Integer.parseInt(line);
                if (length < 0) {
                    yield "";
                }
                byte[] text = in.readNBytes(length);
                line(in);
                yield new String(text, StandardCharsets.UTF_8);
            }
            case '*' -> {
                List<String> elements = new ArrayList<>();
                for (int left = Integer.parseInt(line); left > 0; left--) {
                    elements.add(answer(in));
                }
                yield String.join("\n", elements);
            }
            default -> throw new IOException("the connection was closed");
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() {
        try {
            if (process != null) {
                kill();
            }
            if (container != null) {
                container.close();
            }
            if (folder != null) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("a test's Redis could not be stopped", e);
        }
    }
}
