package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.contract.RedisServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one Redis does for many processes, exactly; the table of docs/scaling.md where it runs for longer. {@code
 *  -Dscaling.loads} holds rows of processes, counters and visits a second for each process. */
final class ScalingIT {

    private static final double SECONDS = Double.parseDouble(System.getProperty("scaling.seconds", "0.3"));
    private static final String LOADS = System.getProperty("scaling.loads", "1x1x1000,20x1x1000,20x1000x50");

    @Test
    @Timeout(600)
    void everyVisitOfManyProcessesIsCountedOnce() throws Exception {
        System.out.println("scaling: | processes | counters | visits/s offered | counted | commands/s"
                + " | visits a command | p50, ms | p99, ms | Redis' processor | us a command | memory, MiB |");
        for (String load : LOADS.split(",", -1)) {
            int[] numbers = Arrays.stream(load.split("x", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            measure(numbers[0], numbers[1], numbers[2]);
        }
    }

    private static void measure(int processes, int counters, int rate) throws Exception {
        try (RedisServer redis = RedisServer.start("--maxclients", "10000")) {
            redis.command("SCRIPT", "LOAD", Script.VISIT.text());
            try (SimulatedLanes warm = new SimulatedLanes(redis, 4, 1, 1000)) {
                warm.run(Duration.ofMillis((long) (SECONDS * 200)));
            }
            redis.command("FLUSHALL");
            try (SimulatedLanes lanes = new SimulatedLanes(redis, processes, counters, rate)) {
                double processor = processorSeconds(redis);
                long began = System.nanoTime();
                lanes.run(Duration.ofMillis((long) (SECONDS * 1000)));
                double seconds = (System.nanoTime() - began) / 1e9;
                processor = processorSeconds(redis) - processor;

                System.out.printf(
                        Locale.ROOT,
                        "scaling: | %,d | %,d | %,d | %,.0f | %,.0f | %.1f | %.2f | %.2f | %.0f %% | %.1f | %.0f |%n",
                        processes,
                        counters,
                        (long) processes * rate,
                        lanes.visits() / seconds,
                        lanes.commands() / seconds,
                        (double) lanes.visits() / lanes.commands(),
                        lanes.latencies().millis(0.5),
                        lanes.latencies().millis(0.99),
                        100 * processor / seconds,
                        1e6 * processor / lanes.commands(),
                        number(redis, "memory", "used_memory:") / (1 << 20));
                assertThat(lanes.visits()).isPositive().isEqualTo(lanes.sumOfTotals());
                if (counters == 1) {
                    assertThat(redis.command("GET", "c0")).isEqualTo(Long.toString(lanes.visits()));
                }
            }
        }
    }

    private static double processorSeconds(RedisServer redis) {
        return number(redis, "cpu", "used_cpu_sys:") + number(redis, "cpu", "used_cpu_user:");
    }

    private static double number(RedisServer redis, String section, String name) {
        List<String> lines = redis.command("INFO", section)
                .lines()
                .filter(line -> line.startsWith(name))
                .toList();
        assertThat(lines).hasSize(1);
        return Double.parseDouble(lines.get(0).substring(name.length()).strip());
    }
}
