package io.visitorcounter.core.contract;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How the contracts ask a store, and wait for its answers. */
final class Asking {

    /** Long enough on any machine. */
    static final Duration SOON = Duration.ofSeconds(10);

    private Asking() {}

    static CounterOptions patient() {
        return CounterOptions.builder().deadline(SOON).build();
    }

    static CounterName freshName() {
        return CounterName.of("contract-" + UUID.randomUUID());
    }

    static <T> T now(CompletionStage<T> stage) {
        return within(SOON.multipliedBy(2), stage);
    }

    static <T> T within(Duration time, CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(time.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** {@return the visits per hour of the last 300 days} */
    static List<HourlyVisits> history(VisitorCounter counter) {
        Instant now = Instant.now();
        return now(counter.history(now.minus(Duration.ofDays(300)), now.plus(Duration.ofDays(1))));
    }

    /** {@return how many visits stand in the history} */
    static long visitsOf(VisitorCounter counter) {
        return history(counter).stream().mapToLong(HourlyVisits::visits).sum();
    }

    /** Throws it, whatever it is. */
    @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
    static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody began within 60 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return null, as of a caller whose compiler does not know of it} */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T missing() {
        return null;
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.multipliedBy(2).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not so within " + SOON.multipliedBy(2));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static void meet(CyclicBarrier at) {
        try {
            at.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("not all came within 60 s", e);
        }
    }

    /** Work of one thread. */
    interface Work {
        List<Long> of(int thread);
    }

    static List<Long> inParallel(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Long>>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                parts.add(pool.submit(() -> work.of(thread)));
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> part : parts) {
                all.addAll(part.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }
}
