package io.visitorcounter.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.DailyVisitors;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class HyperLogLogTest {

    private static final int[] SIZES = {0, 1, 10, 100, 1_000, 10_000, 40_000, 100_000, 300_000};

    /** A sketch of the hashes that were added. */
    private static final class Sketch {

        private final byte[] registers = new byte[HyperLogLog.REGISTERS];

        void add(long hash) {
            int at = HyperLogLog.register(hash);
            registers[at] = (byte) Math.max(registers[at], HyperLogLog.rank(hash));
        }

        void addSome(long seed) {
            new SplittableRandom(seed).longs(5_000).forEach(this::add);
        }

        long estimate() {
            int[] registersOfRank = new int[HyperLogLog.MAX_RANK + 1];
            for (byte rank : registers) {
                registersOfRank[rank]++;
            }
            return HyperLogLog.estimate(registersOfRank);
        }
    }

    @Test
    void estimatesAreOffByTheStandardErrorAtMost() {
        int sketches = 40;
        double[] squares = new double[SIZES.length];
        double[] sums = new double[SIZES.length];
        SplittableRandom random = new SplittableRandom(20_261_129);
        for (int i = 0; i < sketches; i++) {
            Sketch sketch = new Sketch();
            int added = 0;
            for (int size = 0; size < SIZES.length; size++) {
                for (; added < SIZES[size]; added++) {
                    sketch.add(random.nextLong());
                }
                double error = SIZES[size] == 0 ? sketch.estimate() : (double) sketch.estimate() / SIZES[size] - 1;
                squares[size] += error * error / sketches;
                sums[size] += error / sketches;
            }
        }

        assertThat(IntStream.range(0, SIZES.length)).allSatisfy(size -> {
            // Of 40 sketches, the error itself is known to a third.
            assertThat(Math.sqrt(squares[size]))
                    .as("standard error at " + SIZES[size])
                    .isLessThan(DailyVisitors.STANDARD_ERROR * 4 / 3);
            assertThat(sums[size]).as("bias at " + SIZES[size]).isCloseTo(0, Offset.offset(0.004));
        });
        assertThat(squares[0]).isZero();
        assertThat(squares[1]).isZero();
    }

    @Test
    void addingAgainChangesNothing() {
        Sketch once = new Sketch();
        once.addSome(7);
        Sketch thrice = new Sketch();
        for (int round = 0; round < 3; round++) {
            thrice.addSome(7);
        }

        assertThat(thrice.registers).isEqualTo(once.registers);
    }

    @Test
    void ranksAndRegistersHaveTheirBounds() {
        assertThat(HyperLogLog.rank(0)).isEqualTo(HyperLogLog.MAX_RANK);
        assertThat(HyperLogLog.rank(-1)).isEqualTo(1);
        assertThat(HyperLogLog.rank(Long.MIN_VALUE)).isEqualTo(HyperLogLog.MAX_RANK - 1);
        assertThat(HyperLogLog.register(-1)).isEqualTo(HyperLogLog.REGISTERS - 1);
        assertThat(HyperLogLog.register(0)).isZero();
    }

    @Test
    void aFullSketchHasAnEstimateStill() {
        int[] full = new int[HyperLogLog.MAX_RANK + 1];
        full[HyperLogLog.MAX_RANK] = HyperLogLog.REGISTERS;

        assertThat(HyperLogLog.estimate(full)).isGreaterThan(1L << 60);
    }

    @Test
    void registersThatAreNoSketchAreRefused() {
        assertThatThrownBy(() -> HyperLogLog.estimate(new int[HyperLogLog.MAX_RANK + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HyperLogLog.estimate(new int[] {HyperLogLog.REGISTERS}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
