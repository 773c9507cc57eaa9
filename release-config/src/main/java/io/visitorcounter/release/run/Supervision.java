package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A child process that lives as long as this one: it is stopped when this one is, killed if it does not stop in time,
 *  and its exit code becomes this one's. */
public final class Supervision {

    private static final Duration START = Duration.ofSeconds(10);

    // 128 plus SIGINT or SIGTERM: it was ended from outside, which is not a failed start. At a terminal, Ctrl-C reaches
    // the child too, which may be gone before this JVM begins to stop.
    private static final Set<Integer> STOPPED = Set.of(130, 143);

    // The time that the engine may take in addition to the container.
    private static final Duration ENGINE = Duration.ofSeconds(5);

    private final String subject;
    private final Prepared prepared;
    private final Set<Integer> explained;
    private final Process child;
    private final long startedNanos = System.nanoTime();

    /** Starts the process.
     *
     *  @param subject how messages name it, such as {@code dev v1}
     *  @param explained the exit codes that the image declares: the process has said why in a line of its own */
    public Supervision(String subject, Prepared prepared, Set<Integer> explained) {
        this.subject = subject;
        this.prepared = prepared;
        this.explained = Set.copyOf(explained);
        this.child = prepared.start();
    }

    /** Waits until the child ends. If this JVM is told to stop (Ctrl-C, SIGTERM), so is the child, and its exit code
     *  becomes that of this JVM.
     *
     *  @return the child's exit code
     *  @throws ReleaseException.Unhealthy if it failed at its start, by itself and without a declared exit code */
    public int await() {
        Thread stop = new Thread(this::stop, "stop-child");
        Runtime.getRuntime().addShutdownHook(stop);
        int code = ended();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            // The hook is already running, and ends this JVM with the child's code.
            return code;
        }
        prepared.ended(child, code);
        Duration lived = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (code == 0 || STOPPED.contains(code) || explained.contains(code) || lived.compareTo(START) > 0) {
            return code;
        }
        throw new ReleaseException.Unhealthy(
                subject + ": ended with code " + code + " after " + lived.toMillis() + " ms");
    }

    private void stop() {
        boolean asked = askedToEnd();
        if (!asked) {
            child.destroy();
        }
        if (!endsWithin(prepared.ending().grace())) {
            child.destroyForcibly();
        }
        if (!asked) {
            // Again, for a container that was only about to start the first time.
            askedToEnd();
        }
        int code = ended();
        prepared.ended(child, code);
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    /** Not by a signal to the engine's program: at a terminal, Ctrl-C has already sent it one, and the third makes it
     *  abandon the container. */
    private boolean askedToEnd() {
        if (prepared.ending().command().isEmpty()) {
            return false;
        }
        try {
            Process asking = new ProcessBuilder(prepared.ending().command().get())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long millis = prepared.ending().grace().plus(ENGINE).toMillis();
            return asking.waitFor(millis, TimeUnit.MILLISECONDS) && asking.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            return child.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private int ended() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return child.waitFor();
                } catch (InterruptedException e) {
                    interrupted = true;
                    child.destroy();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
