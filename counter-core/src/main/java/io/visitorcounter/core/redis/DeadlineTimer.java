package io.visitorcounter.core.redis;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Netty timer whose thread sleeps until something is due. Netty's own timer wakes at every tick even if nothing
 *  waits: 100 times a second with ticks of 10 ms, the longest that a reconnect can wait. Thread-safe.
 *
 *  <p>Nearly everything that Lettuce schedules here is a command's timeout, which is cancelled when the reply arrives.
 *  So cancelling does not wake the thread, and a new timeout wakes it only if it is due before the thread's next
 *  wake-up. Under load that is once per timeout period. The JDK's executor would wake its thread for nearly every
 *  timeout, because its queue is empty between two commands. */
final class DeadlineTimer implements Timer {

    private static final Logger LOG = LoggerFactory.getLogger(DeadlineTimer.class);

    // 73 years: even instants this far apart can be compared by their difference.
    private static final long MAX_DELAY = Long.MAX_VALUE / 4;

    // Guarded by the object's lock, which is never held while a task runs:
    private final TreeSet<Due> waiting = new TreeSet<>();
    private long made;
    private boolean asleep;
    private long wakesAt;
    private boolean stopped;

    /** Starts the timer.
     *
     *  @param threadName of its one daemon thread */
    DeadlineTimer(String threadName) {
        Thread thread = new Thread(this::work, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@inheritDoc}
     *
     *  @param task returns soon; it runs on the timer's thread
     *  @throws IllegalStateException if the timer was stopped */
    @Override
    public synchronized Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        if (stopped) {
            throw new IllegalStateException("the timer was stopped");
        }
        Due due = new Due(task, System.nanoTime() + Math.min(unit.toNanos(delay), MAX_DELAY), made++);
        waiting.add(due);
        if (asleep && due.at - wakesAt < 0) {
            wakesAt = due.at;
            notifyAll();
        }
        return due;
    }

    /** Ends the timer.
     *
     *  @return what was not due yet, and now never runs */
    @Override
    public synchronized Set<Timeout> stop() {
        stopped = true;
        Set<Timeout> left = new HashSet<>(waiting);
        waiting.clear();
        notifyAll();
        return left;
    }

    private void work() {
        for (Due due = next(); due != null; due = next()) {
            try {
                due.task.run(due);
            } catch (Throwable e) {
                // Without this thread there would be no more reconnects and timeouts.
                LOG.warn("a task of the timer failed", e);
            }
        }
    }

    /** {@return what is due, once something is; null when the timer was stopped} */
    private synchronized @Nullable Due next() {
        while (!stopped) {
            long now = System.nanoTime();
            Due first = waiting.isEmpty() ? null : waiting.first();
            if (first != null && first.at - now <= 0) {
                waiting.remove(first);
                first.state = DueState.RAN;
                return first;
            }
            wakesAt = first == null ? now + Long.MAX_VALUE : first.at;
            sleep(first == null ? 0 : wakesAt - now);
        }
        return null;
    }

    /** Sleeps, without the lock.
     *
     *  @param nanos how long; 0 until it is woken */
    @SuppressWarnings("WaitNotInLoop") // the caller looks again
    private void sleep(long nanos) {
        asleep = true;
        try {
            if (nanos == 0) {
                wait();
            } else {
                // Rounded up, or the last part of a millisecond would be spent awake.
                wait(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            }
        } catch (InterruptedException e) {
            LOG.debug("nobody interrupts the timer's thread for a reason", e);
        } finally {
            asleep = false;
        }
    }

    private enum DueState {
        WAITS,
        RAN,
        CANCELLED
    }

    private final class Due implements Timeout, Comparable<Due> {

        private final TimerTask task;
        private final long at;
        private final long number;
        private DueState state = DueState.WAITS; // guarded by the timer's lock

        Due(TimerTask task, long at, long number) {
            this.task = task;
            this.at = at;
            this.number = number;
        }

        @Override
        public int compareTo(Due other) {
            long sooner = at - other.at;
            return sooner == 0 ? Long.compare(number, other.number) : Long.signum(sooner);
        }

        @Override
        public Timer timer() {
            return DeadlineTimer.this;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return is(DueState.RAN);
        }

        @Override
        public boolean isCancelled() {
            return is(DueState.CANCELLED);
        }

        private boolean is(DueState asked) {
            synchronized (DeadlineTimer.this) {
                return state == asked;
            }
        }

        @Override
        public boolean cancel() {
            synchronized (DeadlineTimer.this) {
                if (!waiting.remove(this)) {
                    return false;
                }
                state = DueState.CANCELLED;
                return true;
            }
        }
    }
}
