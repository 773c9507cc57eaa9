package io.visitorcounter.core.redis;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.visitorcounter.core.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs Lettuce's network work on a thread of the application, the host. Netty's event loop runs there in turns: while
 *  the host waits for a reply, when another thread submits a task, and every millisecond while data arrives that
 *  nothing waits for.
 *
 *  <p>A command that the host itself sends is written at once. The host finishes its current task and then waits
 *  briefly for the reply. So a visit costs one write, one wait and one read; on Netty's own thread it would also cost
 *  two thread switches. */
final class HostedLoop implements EventLoopGroupProvider {

    private static final Logger LOG = LoggerFactory.getLogger(HostedLoop.class);

    /** How long the host waits for one reply. A Redis in the same network replies much sooner, even if it syncs its disk
     *  first. */
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(2);

    /** After this many late replies in a row, the host waits for only one reply in {@link #TRY}, since waiting for each
     *  would only block it. */
    private static final int LATE = 8;

    private static final int TRY = 64;

    /** Netty rounds shorter waits down to 0. */
    private static final long MIN_WAIT = TimeUnit.MICROSECONDS.toNanos(500);

    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration IDLE_TICK = Duration.ofMillis(20);
    private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(100);

    private static final java.util.concurrent.Future<?> NONE = CompletableFuture.completedFuture(null);

    private final EventLoop host;
    private final ManualIoEventLoop loop;
    private final Runnable awaiting = this::await;
    private final AtomicBoolean turnAsked = new AtomicBoolean();
    private volatile boolean waiting;
    private volatile boolean ended;

    // Used only by the host:
    private boolean inTurn;
    private boolean ticking;
    private long lastBusy = System.nanoTime();
    private java.util.concurrent.Future<?> awaited = NONE;
    private int lateInRow;
    private int notAwaited;

    HostedLoop(EventLoop host) {
        this.host = host;
        this.loop = new ManualIoEventLoop(
                host.thread(),
                executor -> new Wakeable(NioIoHandler.newFactory().newHandler(executor)));
        tell(this::idleTick, TICK);
    }

    boolean isOn(Thread thread) {
        return thread == host.thread();
    }

    /** {@return whether the loop will never run again} */
    boolean hasEnded() {
        return ended || !host.thread().isAlive();
    }

    /** If this is the host's thread, waits briefly for a reply: not in this call but after the host's current task, as the
     *  server needs time too. */
    void await(CompletionStage<?> reply) {
        if (!isOn(Thread.currentThread())) {
            return;
        }
        if (!awaited.isDone()) {
            // Only the last of several replies is awaited: the earlier ones arrive before it, unless they come from
            // another server.
            noteBusy();
        }
        awaited = reply.toCompletableFuture();
        if (!inTurn) {
            tell(awaiting);
        }
    }

    /** Waits for the reply to what was sent last. If that reply leads to the next command, its reply is awaited too. */
    private void await() {
        if (awaited == NONE) {
            return;
        }
        if (isWorthWaiting()) {
            long end = System.nanoTime() + WAIT;
            long left = WAIT;
            while (!awaited.isDone() && left >= MIN_WAIT) {
                turn(left);
                left = end - System.nanoTime();
            }
            lateInRow = awaited.isDone() ? 0 : lateInRow + 1;
        }
        // Each reply is waited for once; a later one is found at a tick.
        if (!awaited.isDone()) {
            noteBusy();
        }
        awaited = NONE;
    }

    private boolean isWorthWaiting() {
        return lateInRow < LATE || ++notAwaited % TRY == 0;
    }

    /** Runs the tasks and the I/O that are due.
     *
     *  @param wait how long to wait for the first of them, in ns; 0 not to wait
     *  @return how many ran */
    private int turn(long wait) {
        inTurn = true;
        waiting = wait > 0;
        try {
            return wait > 0 ? loop.run(wait) : loop.runNow();
        } finally {
            waiting = false;
            inTurn = false;
        }
    }

    private void look() {
        if (turn(0) > 0) {
            noteBusy();
        }
        await();
    }

    private void noteBusy() {
        lastBusy = System.nanoTime();
        tickSoon();
    }

    private void tickSoon() {
        if (!ticking) {
            ticking = true;
            tell(this::tick, TICK);
        }
    }

    private void tick() {
        ticking = false;
        look();
        if (System.nanoTime() - lastBusy < BUSY) {
            tickSoon();
        }
    }

    private void idleTick() {
        look();
        if (!loop.isTerminated()) {
            tell(this::idleTick, IDLE_TICK);
        }
    }

    private void turnAsked() {
        turnAsked.set(false);
        noteBusy();
        look();
    }

    private void askForTurn() {
        if (turnAsked.compareAndSet(false, true)) {
            tell(this::turnAsked);
        }
    }

    private void hasEnded(RejectedExecutionException e) {
        ended = true;
        LOG.debug("the event loop has ended before the store", e);
    }

    private void tell(Runnable task) {
        try {
            host.execute(task);
        } catch (RejectedExecutionException e) {
            hasEnded(e);
        }
    }

    private void tell(Runnable task, Duration delay) {
        try {
            host.schedule(task, delay);
        } catch (RejectedExecutionException e) {
            hasEnded(e);
        }
    }

    /** Netty's selector; waking it up also wakes the host, or asks it for a turn. */
    private final class Wakeable implements IoHandler {

        private final IoHandler selector;

        Wakeable(IoHandler selector) {
            this.selector = selector;
        }

        @Override
        public void wakeup() {
            if (Thread.currentThread() == host.thread()) {
                return;
            }
            // A task is queued before this is called, and the host looks at the queue after it has said that it waits.
            if (waiting) {
                selector.wakeup();
            }
            askForTurn();
        }

        @Override
        public void initialize() {
            selector.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return selector.run(context);
        }

        @Override
        public void prepareToDestroy() {
            selector.prepareToDestroy();
        }

        @Override
        public void destroy() {
            selector.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return selector.register(handle);
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return selector.isCompatible(type);
        }
    }

    @Override
    @SuppressWarnings(
            "unchecked") // Lettuce asks for a group of the kind that its channels need, and takes any that fits
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
        return (T) (EventLoopGroup) loop;
    }

    @Override
    public int threadPoolSize() {
        return 1;
    }

    @Override
    public Future<Boolean> release(EventExecutorGroup group, long quiet, long timeout, TimeUnit unit) {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise tells
    public Future<Boolean> shutdown(long quiet, long timeout, TimeUnit unit) {
        Promise<Boolean> ended = ImmediateEventExecutor.INSTANCE.newPromise();
        loop.terminationFuture().addListener(future -> ended.setSuccess(true));
        loop.shutdownGracefully(quiet, timeout, unit);
        return ended;
    }
}
