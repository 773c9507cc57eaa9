package io.visitorcounter.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What callers asked of a counter while it was harmed, and what they were told; afterwards {@link #check} holds it to
 *  what was promised. Thread-safe. */
public final class CallJournal {

    /** How much later than its deadline a call may end on a busy machine. */
    private static final Duration LATE = Duration.ofMillis(700);

    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(1);

    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong maybe = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** For tests. */
    public CallJournal() {}

    /** One call that has ended.
     *
     *  @param began in ns
     *  @param ended in ns
     *  @param visits how many it asked for
     *  @param first the number of its first visit, or 0
     *  @param generation of the number
     *  @param failure what it failed with, or null */
    private record Call(
            long began,
            long ended,
            int visits,
            long first,
            long generation,
            @Nullable Throwable failure) {

        long last() {
            return first + visits - 1;
        }
    }

    /** {@return how many visits were counted so far} */
    public long counted() {
        return counted.get();
    }

    /** {@return how many visits may have been counted} */
    public long maybe() {
        return maybe.get();
    }

    /** {@return how many visits were not counted} */
    public long refused() {
        return refused.get();
    }

    /** Calls from several threads, one call after another on each, single visits and ranges mixed, until it is stopped.
     *
     *  @param counter to visit
     *  @param threads how many
     *  @param seed of the mix
     *  @return stops the callers and waits for them */
    public Callers call(VisitorCounter counter, int threads, long seed) {
        Callers callers = new Callers(threads);
        for (int i = 0; i < threads; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(
                    () -> {
                        try {
                            while (!callers.stop.get()) {
                                callOnce(counter, random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 1);
                            }
                        } finally {
                            callers.ended.countDown();
                        }
                    },
                    "caller-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        return callers;
    }

    /** Threads that call. */
    public static final class Callers implements AutoCloseable {

        private final AtomicBoolean stop = new AtomicBoolean();
        private final CountDownLatch ended;

        private Callers(int threads) {
            ended = new CountDownLatch(threads);
        }

        @Override
        public void close() {
            stop.set(true);
            try {
                assertThat(ended.await(60, TimeUnit.SECONDS))
                        .as("every caller gets an answer")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while callers end", e);
            }
        }
    }

    /** Visits and waits for the answer.
     *
     *  @param counter to visit
     *  @param visits 1 for a single visit, more for a range */
    public void callOnce(VisitorCounter counter, int visits) {
        long began = System.nanoTime();
        long first = 0;
        long generation = 0;
        Throwable failure = null;
        try {
            if (visits == 1) {
                Visit visit = counter.visit().toCompletableFuture().join();
                first = visit.number();
                generation = visit.generation();
            } else {
                VisitRange range = counter.visit(visits).toCompletableFuture().join();
                assertThat(range.count()).isEqualTo(visits);
                first = range.first();
                generation = range.generation();
            }
            counted.addAndGet(visits);
        } catch (CompletionException e) {
            failure = e.getCause();
            (failure instanceof NotCountedException ? refused : maybe).addAndGet(visits);
        }
        long ended = System.nanoTime();
        if (failure != null) {
            // As a client would: while a server restarts, callers that are refused at once would fill the heap with
            // calls.
            LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
        }
        calls.add(new Call(began, ended, visits, first, generation, failure));
    }

    /** Holds the journal to the promises, where nothing else counted and the value began at 0.
     *
     *  @param value read after every call had ended
     *  @param deadline of the calls */
    public void check(CounterValue value, Duration deadline) {
        assertThat(calls)
                .as("failures are of the two kinds")
                .allMatch(call -> call.failure() == null
                        || call.failure() instanceof NotCountedException
                        || call.failure() instanceof MaybeCountedException);
        long latest = deadline.plus(LATE).toNanos();
        assertThat(calls.stream()
                        .mapToLong(call -> call.ended() - call.began())
                        .max()
                        .orElse(0))
                .as("every call ends by its deadline")
                .isLessThan(latest);
        assertThat(value.value())
                .as("counted <= value <= counted + maybe")
                .isBetween(counted.get(), counted.get() + maybe.get());
        assertThat(value.generation()).as("nothing was lost").isZero();
        checkNumbers(value.value());
        checkOrder();
    }

    private void checkNumbers(long value) {
        BitSet seen = new BitSet();
        for (Call call : calls) {
            if (call.failure() == null) {
                assertThat(call.generation()).isZero();
                assertThat(call.last()).as("no number is above the value").isLessThanOrEqualTo(value);
                for (long number = call.first(); number <= call.last(); number++) {
                    assertThat(seen.get((int) number))
                            .as("number " + number + " was given twice")
                            .isFalse();
                    seen.set((int) number);
                }
            }
        }
        assertThat(value - seen.cardinality())
                .as("numbers that nobody got belong to visits that are maybe counted")
                .isBetween(0L, maybe.get());
    }

    /** Who got an answer before another asked has the lower number. */
    private void checkOrder() {
        List<Call> byBegin = new ArrayList<>(
                calls.stream().filter(call -> call.failure() == null).toList());
        byBegin.sort(Comparator.comparingLong(Call::began));
        List<Call> byEnd = new ArrayList<>(byBegin);
        byEnd.sort(Comparator.comparingLong(Call::ended));
        Map<Long, Long> highest = new HashMap<>();
        int ended = 0;
        for (Call call : byBegin) {
            while (ended < byEnd.size() && byEnd.get(ended).ended() < call.began()) {
                highest.merge(byEnd.get(ended).generation(), byEnd.get(ended).last(), Math::max);
                ended++;
            }
            assertThat(call.first())
                    .as("a later call has a higher number")
                    .isGreaterThan(highest.getOrDefault(call.generation(), 0L));
        }
    }

    /** {@return one line for a log} */
    public String summary() {
        return calls.size() + " calls: " + counted + " visits counted, " + maybe + " maybe, " + refused + " not";
    }
}
