package io.visitorcounter.web.fast;

import io.visitorcounter.core.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** The threads that read requests and write responses. Nothing on them may block, except that a store that works on one
 *  of them may wait there for at most 2 ms. */
public final class IoThreads implements AutoCloseable {

    // One thread serves what four processors send and receive, because the sender's processor does the kernel's part of
    // a request. Twice the threads would halve the batches, and Redis would run twice as many.
    private static final int PROCESSORS_OF_A_THREAD = 4;
    private static final int MAX_CHOSEN = 4;

    private static final int MAX_BLOCKED = 4;

    private static final long STOPPED_SECONDS = 5;

    private final XnioWorker worker;
    private final List<EventLoop> loops;

    private IoThreads(XnioWorker worker) {
        this.worker = worker;
        EventLoop[] byNumber = new EventLoop[worker.getIoThreadCount()];
        // XNIO selects a thread by number, modulo their count, so this yields each of them.
        for (int i = 0; i < byNumber.length; i++) {
            XnioIoThread thread = worker.getIoThread(i);
            byNumber[thread.getNumber()] = new Loop(thread);
        }
        this.loops = List.of(byNumber);
    }

    /** {@return the threads, running}
     *
     *  @param wanted how many, at least 1; 0 to choose by the number of processors
     *  @throws IOException if the system refuses them */
    public static IoThreads start(int wanted) throws IOException {
        int count = wanted == 0 ? count(Runtime.getRuntime().availableProcessors()) : wanted;
        OptionMap options = OptionMap.builder()
                .set(Options.WORKER_NAME, "http")
                .set(Options.WORKER_IO_THREADS, count)
                // for endpoints that block; threads start when there is one
                .set(Options.WORKER_TASK_CORE_THREADS, 0)
                .set(Options.WORKER_TASK_MAX_THREADS, MAX_BLOCKED)
                .set(Options.THREAD_DAEMON, false)
                .getMap();
        return new IoThreads(Xnio.getInstance().createWorker(options));
    }

    /** {@return the best number of threads for this many processors} */
    static int count(int processors) {
        return Math.min(MAX_CHOSEN, Math.max(1, processors / PROCESSORS_OF_A_THREAD));
    }

    /** {@return how many there are} */
    public int count() {
        return loops.size();
    }

    /** {@return the worker that owns the threads} */
    public XnioWorker worker() {
        return worker;
    }

    /** {@return the threads in the order of their numbers, for stores to work on} */
    public List<EventLoop> loops() {
        return loops;
    }

    /** One of the threads, as a store sees it. */
    private record Loop(XnioIoThread thread) implements EventLoop {

        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the key to cancel it by
        public void schedule(Runnable task, Duration delay) {
            thread.executeAfter(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        worker.shutdown();
        try {
            worker.awaitTermination(STOPPED_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
