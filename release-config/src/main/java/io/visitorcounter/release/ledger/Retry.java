package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Sleeper;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** How long to wait before the next try after another writer was first: longer each time, and random.
 *
 *  @param tries the maximum number, including the first
 *  @param firstWait the upper bound of the wait before the second try; doubled for each one after
 *  @param maxWait the upper bound of any wait
 *  @param sleeper waits
 *  @param random decides the part of the upper bound */
public record Retry(int tries, Duration firstWait, Duration maxWait, Sleeper sleeper, RandomGenerator random) {

    /** {@return up to 40 tries within some 15 s, on this thread} */
    public static Retry standard() {
        return new Retry(
                40,
                Duration.ofMillis(20),
                Duration.ofMillis(800),
                time -> Thread.sleep(time.toMillis()),
                // Not the default generator, for which the JDK searches all its modules: 10 ms.
                new SplittableRandom());
    }

    /** Waits before a try.
     *
     *  @throws InterruptedException if the thread was interrupted meanwhile */
    void pause(int failures) throws InterruptedException {
        long ceiling = Math.min(maxWait.toMillis(), firstWait.toMillis() << Math.min(failures - 1, 20));
        sleeper.sleep(Duration.ofMillis(random.nextLong(ceiling + 1)));
    }
}
