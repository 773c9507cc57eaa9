package io.visitorcounter.core.contract;

import static io.visitorcounter.core.contract.Asking.now;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Single attempts at a backend. */
final class Attempts {

    static final CounterValue NOTHING = new CounterValue(0, 0);

    private Attempts() {}

    static List<Outcome> answers() {
        return new CopyOnWriteArrayList<>();
    }

    static String sender() {
        return "lane:" + UUID.randomUUID();
    }

    static Batch batch(CounterName counter, String sender, long previous, long cumulative) {
        return new Batch(counter, sender, previous, cumulative, NOTHING);
    }

    static Outcome write(Backend to, Batch batch) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        to.write(batch, answer::complete);
        return now(answer);
    }

    static Outcome change(Backend to, CounterName counter, long value, CounterValue known) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        to.change(new Change(counter, Change.record(VisitId.random()), value, null, known), answer::complete);
        return now(answer);
    }

    static CounterValue value(Backend of, CounterName counter) {
        return now(of.value(counter, NOTHING));
    }

    static long visitsOfTheDay(Backend of, CounterName counter) {
        long hour = Instant.now().getEpochSecond() / 3600;
        return now(of.history(counter, hour - 24, hour + 24)).stream()
                .mapToLong(HourlyVisits::visits)
                .sum();
    }

    static Outcome written(long total, long generation) {
        return new Outcome.Written(total, generation, false, null);
    }

    static Outcome repeated(long total, long generation) {
        return new Outcome.Written(total, generation, true, null);
    }
}
