package io.visitorcounter.core.combine;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A ticker whose time passes when a test says so. */
final class ManualTicker implements Ticker {

    private record Task(long at, long order, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long now;
    private long wallMillis;
    private long order;

    @Override
    public synchronized long now() {
        return now;
    }

    @Override
    public synchronized long wallMillis() {
        return wallMillis;
    }

    @Override
    public synchronized void at(long nanos, Runnable task) {
        tasks.add(new Task(nanos, order++, task));
    }

    /** Lets time pass, and runs what is due, each at its time. */
    void pass(Duration time) {
        long until = now() + time.toNanos();
        for (Task due = nextDue(until); due != null; due = nextDue(until)) {
            due.run().run();
        }
        moveTo(until);
    }

    /** Lets only the wall clock pass, as when a machine was suspended. */
    synchronized void suspend(Duration time) {
        wallMillis += time.toMillis();
    }

    private synchronized @org.jspecify.annotations.Nullable Task nextDue(long until) {
        Task first = tasks.peek();
        if (first == null || first.at() > until) {
            return null;
        }
        moveTo(Math.max(now, first.at()));
        return tasks.poll();
    }

    private synchronized void moveTo(long nanos) {
        wallMillis += (nanos - now) / 1_000_000;
        now = nanos;
    }

    @Override
    public void close() {}
}
