package io.visitorcounter.core.redis;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What the timeout of a command costs, by our timer, by Netty's and by the JDK's: it is set, the reply takes 50 us, and it is
 *  cancelled. Nearly always no other waits, as a lane has one batch in flight. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TimerBenchmark {

    private static final Runnable NOTHING = () -> {};

    // 50 us on a processor of 3 GHz, about.
    private static final long REPLY = 25_000;

    @Param({"none", "ours", "netty", "jdk"})
    private String kind;

    private Commands commands;
    private AutoCloseable timer;

    @Setup(Level.Trial)
    public void start() {
        switch (kind) {
            case "none" -> {
                commands = () -> NOTHING;
                timer = () -> {};
            }
            case "ours" -> of(new DeadlineTimer("timer-benchmark"));
            case "netty" -> of(new HashedWheelTimer(10, TimeUnit.MILLISECONDS));
            case "jdk" -> {
                ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
                executor.setRemoveOnCancelPolicy(true);
                commands = () -> {
                    var timeout = executor.schedule(NOTHING, 2, TimeUnit.SECONDS);
                    return () -> timeout.cancel(false);
                };
                timer = executor::shutdownNow;
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private void of(Timer kept) {
        commands = () -> {
            var timeout = kept.newTimeout(due -> {}, 2, TimeUnit.SECONDS);
            return timeout::cancel;
        };
        timer = kept::stop;
    }

    @TearDown(Level.Trial)
    public void stop() throws Exception {
        timer.close();
    }

    /** One call is one command. */
    @Benchmark
    public void command() {
        Runnable answered = commands.begin();
        Blackhole.consumeCPU(REPLY);
        answered.run();
    }

    /** Sets a timeout and returns what cancels it. */
    private interface Commands {
        Runnable begin();
    }
}
