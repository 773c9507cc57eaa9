package io.visitorcounter.web.log;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** Ends a process whose heap is nearly full and that spends nearly all its time on collecting garbage: the parallel collector may go on
 *  so for hours, as softly held caches are dropped and built again in turn, and nobody gets a response in time.
 *
 *  <p>Only for its own thread. */
public final class GarbageWatch implements Runnable {

    private static final long PERIOD_MILLIS = 2000;

    /** For so many periods in a row it has to be so: a peak that passes ends nothing. */
    private static final int PERIODS = 10;

    /** The part of the time from which on too little is left for requests. */
    private static final double MAX_SHARE = 0.8;

    /** The part of the heap that is in use from which on it may be full. */
    private static final double FULL = 0.7;

    private long collected;
    private long looked;
    private int periods;

    GarbageWatch() {}

    /** Begins to watch, by a thread that keeps no process from ending. */
    public static void start() {
        Thread thread = new Thread(new GarbageWatch(), "garbage-watch");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        isOver(collectionMillis(), millis(), 0); // where it begins
        try {
            do {
                Thread.sleep(PERIOD_MILLIS);
            } while (!isOver(collectionMillis(), millis(), heapInUse()));
            OutOfMemory.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return whether it has been so for all periods}
     *
     *  @param collectedNow how long garbage has been collected for since the start, in ms
     *  @param now in ms
     *  @param inUse the part of the heap */
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

    /** Those that work beside the application and do not stop it are left out. */
    private static long collectionMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> !collector.getName().endsWith("Cycles"))
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
