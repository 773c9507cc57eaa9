package io.visitorcounter.core.contract;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the tests' redis-server is. */
final class RedisBinary {

    private static @Nullable Path found;

    private RedisBinary() {}

    /** {@return what was asked for: docker, local, embedded, the path of a program or, if nothing was, auto} */
    static String wanted() {
        return System.getProperty("test.redis", System.getenv().getOrDefault("TEST_REDIS", "auto"));
    }

    /** {@return the path of the server's program} */
    static synchronized Path path() {
        if (found == null) {
            found = find();
        }
        return found;
    }

    private static Path find() {
        String wanted = wanted();
        if (wanted.contains("/")) {
            Path given = Path.of(wanted);
            if (!Files.isExecutable(given)) {
                throw new IllegalStateException("test.redis=" + wanted + ": expected a redis-server or valkey-server");
            }
            return given;
        }
        Path local = wanted.equals("embedded") ? null : onPath();
        if (local != null) {
            return local;
        }
        if (wanted.equals("local")) {
            throw new IllegalStateException("test.redis=local: no redis-server on the PATH; install it"
                    + " (Debian: apt-get install redis-server) or leave test.redis unset");
        }
        try {
            return EmbeddedRedisBinary.extract();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "no redis-server on the PATH; install one, or add com.github.codemonstur:embedded-redis to the tests'"
                            + " dependencies",
                    e);
        }
    }

    private static @Nullable Path onPath() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, "redis-server");
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Checks that the program runs here at all, so that a missing library is said plainly. */
    static Path checked(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() == 0) {
                return program;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("the embedded redis-server does not run here; install one: " + said.strip());
    }
}
