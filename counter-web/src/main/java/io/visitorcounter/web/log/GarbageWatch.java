package io.visitorcounter.web.log;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** Ends a process whose heap is nearly full and that spends nearly all its time on garbage collection. The parallel
 *  collector may continue for hours in this state, while caches behind soft references are dropped and rebuilt in turn,
 *  and nobody gets a response in time.
 *
 *  <p>Used only by its own thread. */
public final class GarbageWatch implements Runnable {

    private static final long PERIOD_MILLIS = 2000;

    /** How many periods in a row it must last, so that a short peak does not end the process. */
    private static final int PERIODS = 10;

    /** The share of time for garbage collection above which too little is left for requests. */
    private static final double MAX_SHARE = 0.8;

    /** The share of the heap in use above which it may be full. */
    private static final double FULL = 0.7;

    private long collected;
    private long looked;
    private int periods;

    GarbageWatch() {}

    /** Starts watching, on a daemon thread. */
    public static void start() {
        Thread thread = new Thread(new GarbageWatch(), "garbage-watch");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        isOver(collectionMillis(), millis(), 0); // takes the starting point
        try {
            do {
                Thread.sleep(PERIOD_MILLIS);
            } while (!isOver(collectionMillis(), millis(), heapInUse()));
            OutOfMemory.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return whether it has lasted for all periods}
     *
     *  @param collectedNow the time of garbage collection since the start, in ms
     *  @param now in ms
     *  @param inUse the share of the heap in use */
    boolean isOver(long collectedNow, long now, double inUse) {
        boolean hardlyAnythingElse = collectedNow - collected > (now - looked) * MAX_SHARE;
        periods = hardlyAnythingElse && inUse > FULL ? periods + 1 : 0;
        collected = collectedNow;
        looked = now;
        return periods >= PERIODS;
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    private static double heapInUse() {
        Runtime runtime = Runtime.getRuntime();
        return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
    }

    /** Leaves out collectors that run concurrently with the application. */
    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> !collector.getName().endsWith("Cycles"))
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
