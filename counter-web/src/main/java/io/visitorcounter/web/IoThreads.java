package io.visitorcounter.web;

import io.visitorcounter.core.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** The threads that read requests and write answers. Nothing that they run blocks for longer than 2 ms. */
final class IoThreads implements AutoCloseable {

    // Half of the processors: the kernel's part of a request is done by its sender's processor, and two threads halve
    // the batches that one counter is written in.
    private static final int COUNT = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final long STOPPED_SECONDS = 5;

    private final XnioWorker worker;

    private IoThreads(XnioWorker worker) {
        this.worker = worker;
    }

    /** {@return the threads, running}
     *
     *  @throws StartException if the system refuses them */
    static IoThreads start() throws StartException {
        OptionMap options = OptionMap.builder()
                .set(Options.WORKER_NAME, "http")
                .set(Options.WORKER_IO_THREADS, COUNT)
                // nothing blocks, so nothing is handed to workers
                .set(Options.WORKER_TASK_CORE_THREADS, 0)
                .set(Options.WORKER_TASK_MAX_THREADS, 1)
                .set(Options.THREAD_DAEMON, false)
                .getMap();
        try {
            return new IoThreads(Xnio.getInstance().createWorker(options));
        } catch (IOException e) {
            throw new StartException("http: can't start the I/O threads: " + e.getMessage(), e);
        }
    }

    int count() {
        return COUNT;
    }

    XnioWorker worker() {
        return worker;
    }

    /** {@return the one thread, for the store to work on; empty where there are several: they would wait for that one} */
    Optional<EventLoop> single() {
        return COUNT == 1 ? Optional.of(new Loop(worker.getIoThread())) : Optional.empty();
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
