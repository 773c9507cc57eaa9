package io.visitorcounter.core.contract;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.VisitorCounter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that visits a counter from several threads and says each number, so that a test can kill it. */
public final class CountingProcess implements AutoCloseable {

    /** How many calls a process may have under way when it is killed. */
    public static final int THREADS = 4;

    private final Process process;
    private final List<Long> numbers = new ArrayList<>();
    private final Thread reader;

    private CountingProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "numbers of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one.
     *
     *  @param store to open
     *  @param counter to visit
     *  @param jvmOptions of the JVM, besides a small heap
     *  @return the running process */
    public static CountingProcess start(URI store, CounterName counter, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CountingProcess.class.getName(),
                store.toString(),
                counter.text()));
        try {
            return new CountingProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // A line that was cut by the kill has no dot at its end.
                if (line.endsWith(".")) {
                    synchronized (numbers) {
                        numbers.add(Long.valueOf(line.substring(0, line.length() - 1)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return how many numbers it has said} */
    public int said() {
        synchronized (numbers) {
            return numbers.size();
        }
    }

    /** {@return whether it runs} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL.
     *
     *  @return every number that it said */
    public List<Long> kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            reader.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process ended", e);
        }
        synchronized (numbers) {
            return List.copyOf(numbers);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** Counts until it is killed.
     *
     *  @param args the store's URI and the counter's name */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends the process
    public static void main(String[] args) {
        // A test that is killed leaves nothing running.
        ProcessHandle.current()
                .parent()
                .ifPresent(test ->
                        test.onExit().thenAccept(ended -> Runtime.getRuntime().halt(1)));
        CounterStore store = CounterStore.open(
                URI.create(args[0]),
                CounterOptions.builder().deadline(Duration.ofSeconds(10)).build());
        VisitorCounter counter = store.counter(CounterName.of(args[1]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> {
                        while (true) {
                            try {
                                out.println(
                                        counter.visit(Duration.ofSeconds(20)).number() + ".");
                            } catch (CounterException e) {
                                System.err.println(e.getMessage());
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    })
                    .start();
        }
    }
}
