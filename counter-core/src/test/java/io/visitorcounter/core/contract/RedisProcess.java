package io.visitorcounter.core.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One process of the Redis binary, which may be killed, paused and started again; it owns its folder. */
final class RedisProcess implements AutoCloseable {

    private static final Duration STARTING = Duration.ofSeconds(20);

    private final Path folder;
    private final List<String> command = new ArrayList<>();
    private @Nullable Process process;

    /** Names one; it does not start it yet.
     *
     *  @param folder where it keeps its files, and its log; deleted in the end
     *  @param words of the command line behind the binary */
    RedisProcess(Path folder, List<String> words) {
        this.folder = folder;
        command.add(RedisBinary.path().toString());
        command.addAll(words);
    }

    Path folder() {
        return folder;
    }

    /** Starts it, and waits until it answers. */
    void start(BooleanSupplier answers) {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + command.get(0), e);
        }
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (!answers.getAsBoolean()) {
            if (!started().isAlive()) {
                throw new IllegalStateException("redis-server ended: " + log());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("redis-server does not answer: " + log());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server started", e);
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Process started() {
        Process own = process;
        if (own == null) {
            throw new IllegalStateException("redis-server was not started");
        }
        return own;
    }

    /** Ends it with SIGKILL. */
    void kill() {
        Process own = started();
        own.destroyForcibly();
        await(own);
    }

    /** Sends it a signal.
     *
     *  @param name as in {@code STOP} */
    void signal(String name) {
        try {
            // The shell's own kill: the program of that name is not on every system.
            await(new ProcessBuilder(
                            "sh", "-c", "kill -" + name + " " + started().pid())
                    .start());
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

    @Override
    public void close() throws IOException {
        if (process != null) {
            kill();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
