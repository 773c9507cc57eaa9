package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Sleeper;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Retries transient failures: a few times, with waits that grow and differ from client to client, and not before
 *  the registry wants to be asked again. Only for what is safe to repeat. Thread-safe.
 *
 *  @param random 0 to 1, decides how much of a wait is waited
 *  @param told receives each retry */
record RetryPolicy(Sleeper sleeper, DoubleSupplier random, Uploads told) {

    private static final int MAX_TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    // If a registry asks for a longer wait, the user gets the failure instead.
    private static final Duration MAX_WAIT = Duration.ofSeconds(60);

    // Statuses of transient failures: of HTTP, and of proxies before registries (nginx, Cloudflare).
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524);

    RetryPolicy(Sleeper sleeper, DoubleSupplier random) {
        this(sleeper, random, Uploads.NONE);
    }

    /** {@return the same, with a listener for retries} */
    RetryPolicy telling(Uploads listener) {
        return new RetryPolicy(sleeper, random, listener);
    }

    static RetryPolicy standard() {
        return new RetryPolicy(
                time -> Thread.sleep(time.toMillis()),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static boolean isPassing(int status) {
        return PASSING.contains(status);
    }

    /** {@return the result of the work}
     *
     *  @param work throws {@link Transient} if a retry may help */
    <T> T run(Supplier<T> work) {
        for (int tried = 1; ; tried++) {
            try {
                return work.get();
            } catch (Transient e) {
                Duration asked = e.after().orElse(Duration.ZERO);
                if (tried == MAX_TRIES || asked.compareTo(MAX_WAIT) > 0) {
                    throw e.fault();
                }
                pause(tried, asked, e.fault());
            }
        }
    }

    /** Waits before a retry.
     *
     *  @param asked the wait that the registry asked for
     *  @param fault why; thrown if this thread is interrupted */
    void pause(int tried, Duration asked, ReleaseException fault) {
        // Between half and all of a wait that doubles.
        long millis = FIRST_WAIT.toMillis() << (tried - 1);
        Duration jittered = Duration.ofMillis((long) (millis * (0.5 + random.getAsDouble() / 2)));
        Duration wait = asked.plus(jittered);
        told.again(String.join("; ", fault.faults()), tried + 1, MAX_TRIES, wait);
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault;
        }
    }

    boolean isLast(int tried) {
        return tried >= MAX_TRIES;
    }
}
