package io.visitorcounter.core.redis;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/** An application's thread, as an HTTP server has them. */
final class ThreadLoop implements EventLoop, AutoCloseable {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "the application's own");
        thread.setDaemon(true);
        return thread;
    });
    private final Thread thread =
            CompletableFuture.supplyAsync(Thread::currentThread, executor).join();

    private final LongAdder worked = new LongAdder();

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> work(task));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing here is cancelled
    public void schedule(Runnable task, Duration delay) {
        executor.schedule(() -> work(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void work(Runnable task) {
        long began = System.nanoTime();
        try {
            task.run();
        } finally {
            worked.add(System.nanoTime() - began);
        }
    }

    /** {@return how long the thread was kept so far by what others gave it to run} */
    Duration worked() {
        return Duration.ofNanos(worked.sum());
    }

    /** {@return what the task returns when it is run on the thread} */
    <T> T call(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, executor).join();
    }

    /** {@return the counter, each of its calls begun on the thread} */
    VisitorCounter counter(VisitorCounter counter) {
        return new Begun(counter);
    }

    private final class Begun implements VisitorCounter {

        private final VisitorCounter counter;

        Begun(VisitorCounter counter) {
            this.counter = counter;
        }

        private <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
            return CompletableFuture.supplyAsync(call, executor).thenCompose(Function.identity());
        }

        @Override
        public CounterName name() {
            return counter.name();
        }

        @Override
        public CompletionStage<Visit> visit() {
            return begin(counter::visit);
        }

        @Override
        public CompletionStage<VisitRange> visit(int count) {
            return begin(() -> counter.visit(count));
        }

        @Override
        public CompletionStage<Visit> visit(VisitId id) {
            return begin(() -> counter.visit(id));
        }

        @Override
        public Visit visit(Duration timeout) throws InterruptedException {
            return counter.visit(timeout);
        }

        @Override
        public CompletionStage<CounterValue> value() {
            return begin(counter::value);
        }

        @Override
        public CompletionStage<List<HourlyVisits>> history(Instant from, Instant to) {
            return begin(() -> counter.history(from, to));
        }

        @Override
        public CompletionStage<CounterValue> set(long value, VisitId request) {
            return begin(() -> counter.set(value, request));
        }

        @Override
        public CompletionStage<CounterValue> restore(long value, List<HourlyVisits> history, VisitId request) {
            return begin(() -> counter.restore(value, history, request));
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
