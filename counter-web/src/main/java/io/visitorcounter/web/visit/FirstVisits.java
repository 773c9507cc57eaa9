package io.visitorcounter.web.visit;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Problem;
import io.visitorcounter.web.http.Rate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Limits how many counters are created: anybody can make up names, and a store keeps each counter for ever. Counters
 *  that already have a visit are not limited. */
public final class FirstVisits {

    // Counters known to exist; when this is full, it is cleared and they are looked up again.
    private static final int MAX_KNOWN = 10_000;

    private final Set<CounterName> known = ConcurrentHashMap.newKeySet();
    private final Rate rate;

    public FirstVisits(int perMinute, LongSupplier nanoTime) {
        this.rate = new Rate(perMinute, Duration.ofMinutes(1), 2, nanoTime);
    }

    /** {@return done if the counter may be visited, else failed with a problem of status 429} */
    CompletionStage<Void> allow(VisitorCounter counter) {
        if (known.contains(counter.name())) {
            return CompletableFuture.completedFuture(null);
        }
        return counter.value().thenAccept(now -> {
            if (now.value() == 0) {
                Duration wait = rate.use(0);
                if (!wait.isZero()) {
                    throw Problem.tooMany("too many new counters were made; visit one that exists", wait)
                            .thrown();
                }
            }
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.add(counter.name());
        });
    }
}
