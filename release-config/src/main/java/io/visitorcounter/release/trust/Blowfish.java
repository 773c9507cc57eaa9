package io.visitorcounter.release.trust;

import java.math.BigInteger;

/** The cipher Blowfish with the key schedule of bcrypt, which also takes a salt. Its tables are the first 33,344
 *  fractional bits of π. They are computed, in milliseconds, and only if a key has a password. */
final class Blowfish {

    private static final int SUBKEYS = 18;
    private static final int BOX = 256;
    private static final int WORDS = SUBKEYS + 4 * BOX;

    private static final class DigitsOfPi {
        static final int[] WORDS_OF_PI = fraction();

        // Machin: π = 16 arctan(1/5) - 4 arctan(1/239), with 64 bits more than are needed.
        private static int[] fraction() {
            int bits = WORDS * Integer.SIZE;
            BigInteger one = BigInteger.ONE.shiftLeft(bits + 64);
            BigInteger pi =
                    arctan(one, 5).shiftLeft(4).subtract(arctan(one, 239).shiftLeft(2));
            BigInteger fraction =
                    pi.shiftRight(64).subtract(BigInteger.valueOf(3).shiftLeft(bits));
            int[] words = new int[WORDS];
            for (int i = 0; i < WORDS; i++) {
                words[i] = fraction.shiftRight((WORDS - 1 - i) * Integer.SIZE).intValue();
            }
            return words;
        }

        private static BigInteger arctan(BigInteger one, long of) {
            BigInteger square = BigInteger.valueOf(of * of);
            BigInteger power = one.divide(BigInteger.valueOf(of));
            BigInteger sum = power;
            for (int n = 3; power.signum() > 0; n += 2) {
                power = power.divide(square);
                BigInteger term = power.divide(BigInteger.valueOf(n));
                sum = n % 4 == 3 ? sum.subtract(term) : sum.add(term);
            }
            return sum;
        }
    }

    // The subkeys, then the four boxes.
    private final int[] state = DigitsOfPi.WORDS_OF_PI.clone();
    private int left;
    private int right;

    /** Mixes a key into the state, and a salt into the result. */
    void expand(int[] salt, int[] key) {
        for (int i = 0; i < SUBKEYS; i++) {
            state[i] ^= key[i % key.length];
        }
        left = 0;
        right = 0;
        for (int i = 0; i < WORDS; i += 2) {
            if (salt.length > 0) {
                left ^= salt[i % salt.length];
                right ^= salt[(i + 1) % salt.length];
            }
            encrypt();
            state[i] = left;
            state[i + 1] = right;
        }
    }

    /** Encrypts two words in place. */
    void encrypt(int[] words, int at) {
        left = words[at];
        right = words[at + 1];
        encrypt();
        words[at] = left;
        words[at + 1] = right;
    }

    private void encrypt() {
        int[] s = state;
        int l = left ^ s[0];
        int r = right;
        for (int i = 1; i <= 16; i += 2) {
            r ^= mixed(s, l) ^ s[i];
            l ^= mixed(s, r) ^ s[i + 1];
        }
        left = r ^ s[SUBKEYS - 1];
        right = l;
    }

    private static int mixed(int[] s, int x) {
        return ((s[SUBKEYS + (x >>> 24)] + s[SUBKEYS + BOX + ((x >>> 16) & 0xff)])
                        ^ s[SUBKEYS + 2 * BOX + ((x >>> 8) & 0xff)])
                + s[SUBKEYS + 3 * BOX + (x & 0xff)];
    }
}
