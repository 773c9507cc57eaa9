package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A child process that lives as long as this one: it is told to stop when this one is, and its exit code is this
 *  one's. */
public final class Supervision {

    // counter-web's words for a config it can't obey and for a start that failed; each says why in a line of its own.
    private static final int CONFIG_INVALID = 4;
    private static final int COULD_NOT_START = 10;
    private static final Duration START = Duration.ofSeconds(10);

    private final String subject;
    private final Process child;
    private final long startedNanos = System.nanoTime();

    /** Sets what is watched.
     *
     *  @param subject how messages name it, such as {@code dev v1}
     *  @param child just started */
    public Supervision(String subject, Process child) {
        this.subject = subject;
        this.child = child;
    }

    /** Waits until the child ends. If this JVM is told to stop meanwhile (Ctrl-C, SIGTERM), the child is too, and its
     *  exit code becomes that of this JVM.
     *
     *  @return the child's exit code
     *  @throws ReleaseException.Unhealthy if it died as it started, without saying why in the way of counter-web */
    public int await() {
        Thread stop = new Thread(this::stop, "stop-child");
        Runtime.getRuntime().addShutdownHook(stop);
        int code = waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            // The hook runs already and ends this JVM with the child's code.
            return code;
        }
        Duration lived = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (code == 0 || code == CONFIG_INVALID || code == COULD_NOT_START || lived.compareTo(START) > 0) {
            return code;
        }
        throw new ReleaseException.Unhealthy(
                subject + ": ended with code " + code + " after " + lived.toMillis() + " ms");
    }

    private void stop() {
        child.destroy();
        int code = waitFor();
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    private int waitFor() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (child.waitFor(1, TimeUnit.DAYS)) {
                        return child.exitValue();
                    }
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
