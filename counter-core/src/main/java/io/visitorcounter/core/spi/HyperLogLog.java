package io.visitorcounter.core.spi;

import java.util.Arrays;

/** The arithmetic of a HyperLogLog: 16,384 registers, each with the highest rank of the hashes that map to it. How the
 *  registers are stored is up to the store. They only grow, so those of several processes can be merged. The estimator
 *  is the one of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which Redis uses
 *  too. It needs no correction tables and also works for small numbers and 0. */
public final class HyperLogLog {

    private static final int INDEX_BITS = 14;

    /** How many registers there are. */
    public static final int REGISTERS = 1 << INDEX_BITS;

    private static final int RANK_BITS = Long.SIZE - INDEX_BITS;

    /** The highest rank; 0 stands for a register without a hash. */
    public static final int MAX_RANK = RANK_BITS + 1;

    private HyperLogLog() {}

    /** {@return the register of a hash, 0 to {@link #REGISTERS} - 1}
     *
     *  @param hash whose bits are as good as random */
    public static int register(long hash) {
        return (int) (hash & (REGISTERS - 1));
    }

    /** {@return the rank of a hash, 1 to {@link #MAX_RANK}; each rank is half as likely as the one below}
     *
     *  @param hash whose bits are as good as random */
    public static int rank(long hash) {
        return Math.min(RANK_BITS, Long.numberOfTrailingZeros(hash >>> INDEX_BITS)) + 1;
    }

    /** {@return an estimate of the number of different hashes}
     *
     *  @param registersOfRank how many registers hold each rank from 0 to {@link #MAX_RANK}; they sum up to
     *         {@link #REGISTERS}
     *  @throws IllegalArgumentException if they don't */
    public static long estimate(int[] registersOfRank) {
        long sum = Arrays.stream(registersOfRank).asLongStream().sum();
        if (registersOfRank.length != MAX_RANK + 1 || sum != REGISTERS) {
            throw new IllegalArgumentException("sketch: expected " + REGISTERS + " registers with ranks of 0.."
                    + MAX_RANK + ", got " + sum + " with ranks of 0.." + (registersOfRank.length - 1));
        }
        double m = REGISTERS;
        double z = m * tau(1 - registersOfRank[MAX_RANK] / m);
        for (int rank = MAX_RANK - 1; rank >= 1; rank--) {
            z = 0.5 * (z + registersOfRank[rank]);
        }
        z += m * sigma(registersOfRank[0] / m);
        return Math.round(m * m / (2 * Math.log(2) * z));
    }

    private static double sigma(double part) {
        if (part == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = part;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double part) {
        if (part == 0 || part == 1) {
            return 0;
        }
        double x = part;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }
}
