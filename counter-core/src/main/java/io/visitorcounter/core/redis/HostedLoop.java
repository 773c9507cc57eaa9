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

/** Lettuce's network work, done on a thread of the application. Netty's loop there runs in turns: while the host waits for
 *  an answer; when another thread gives it a task; and, for what came without being awaited, every millisecond as long as
 *  something does.
 *
 *  <p>A command that the host itself sends leaves at once. The host goes on with what it is at, and then waits a moment for
 *  the answer. So a visit costs one write, one wait and one read, where a thread of Netty's own costs two hand-overs
 *  besides. */
final class HostedLoop implements EventLoopGroupProvider {

    private static final Logger LOG = LoggerFactory.getLogger(HostedLoop.class);

    /** How long the host waits for one answer. A Redis in the same network answers far sooner, also one that syncs its disk
     *  before. */
    private static final long WAIT = TimeUnit.MILLISECONDS.toNanos(2);

    /** After so many answers in a row that took longer, the host waits only for one of {@link #TRY}: it would be held
     *  for nothing. */
    private static final int LATE = 8;

    private static final int TRY = 64;

    /** Netty rounds shorter waits to none. */
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

    // Only touched by the host:
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

    /** {@return whether this is the host's thread} */
    boolean isOn(Thread thread) {
        return thread == host.thread();
    }

    /** {@return whether no turn comes any more} */
    boolean hasEnded() {
        return ended || !host.thread().isAlive();
    }

    /** Waits a moment for an answer, if this is the host's thread: not here, but once it has done what it is at, since the
     *  server needs its time as well. */
    void await(CompletionStage<?> answer) {
        if (!isOn(Thread.currentThread())) {
            return;
        }
        if (!awaited.isDone()) {
            // Of several answers the last is waited for: the others have come by then, unless from another server.
            noteBusy();
        }
        awaited = answer.toCompletableFuture();
        if (!inTurn) {
            tell(awaiting);
        }
    }

    /** Waits for what was sent last: an answer can bring about the next command, whose answer is then awaited too. */
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
        // One wait for each answer: one that takes longer is found at a tick.
        if (!awaited.isDone()) {
            noteBusy();
        }
        awaited = NONE;
    }

    private boolean isWorthWaiting() {
        return lateInRow < LATE || ++notAwaited % TRY == 0;
    }

    /** Does what is to be done.
     *
     *  @param wait how long to wait for something to do, in ns; 0 not to wait
     *  @return how much was done; 0 for nothing */
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

    /** Netty's selector, whose wake-up reaches the host where it waits. */
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
