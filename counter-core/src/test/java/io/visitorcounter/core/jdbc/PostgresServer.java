package io.visitorcounter.core.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL of a test's own, of Debian's package, with an empty database on a free port of the loopback. It refuses to run
 *  as root, so root runs it as the package's user. */
final class PostgresServer {

    private static final Path DEBIANS = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path folder;
    private final int port = RedisServer.freePort();
    private Process process;

    private PostgresServer(Path programs) throws Exception {
        this.programs = programs;
        this.folder = Files.createTempDirectory("postgres");
        if (isRoot()) {
            run(List.of("chown", "postgres", folder.toString()));
        }
        run(asUser("initdb", "-D", data(), "-U", "app", "-A", "trust", "-N"));
        this.process = server();
    }

    /** Starts one. Where there is none, the test is skipped, or fails if {@code TEST_POSTGRES} is {@code required}. */
    static PostgresServer start() throws Exception {
        Optional<Path> programs = programs();
        if (!"required".equals(System.getenv("TEST_POSTGRES"))) {
            assumeTrue(programs.isPresent(), "no PostgreSQL on this machine (Debian: apt-get install postgresql)");
        }
        return new PostgresServer(programs.orElseThrow());
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(DEBIANS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIANS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private List<String> asUser(String program, String... options) {
        List<String> command = new ArrayList<>(
                isRoot() ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(options));
        return command;
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("postgres", ".log");
        int code = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException(command + " ended with " + code + ": " + Files.readString(log));
        }
        Files.delete(log);
    }

    private Process server() throws IOException, InterruptedException {
        Path log = Files.createTempFile("postgres", ".log");
        Process started = new ProcessBuilder(asUser(
                        "postgres",
                        "-D",
                        data(),
                        "-p",
                        Integer.toString(port),
                        "-h",
                        "127.0.0.1",
                        "-k",
                        folder.toString()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "PostgreSQL at port " + port + ": no answer within 30 s: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Files.delete(log); // what it says from now on is of no use
        return started;
    }

    private boolean answers() {
        try {
            DriverManager.getConnection("jdbc:" + uri()).close();
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** {@return its database's address} */
    URI uri() {
        return URI.create("postgresql://127.0.0.1:" + port + "/postgres?user=app");
    }

    /** Kills it and starts it again. */
    void restart() throws IOException, InterruptedException {
        kill();
        process = server();
    }

    private void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly().waitFor();
        // They end when they find it gone; a new one refuses to start as long as they share their memory.
        children.forEach(child -> child.onExit().join());
    }

    /** Stops it and deletes its folder. */
    void stop() throws Exception {
        run(asUser("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop"));
        process.waitFor();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
