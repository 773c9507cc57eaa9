package io.visitorcounter.release.trust;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/** The two numbers of a P-256 signature, r and s, each at least 1 and less than the order of the curve. This is checked
 *  here, since the first builds of Java 17 did not (CVE-2022-21449): they accepted zeros as anyone's signature. */
final class EcdsaSignature {

    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final int HALF = 32;
    private static final int MAX_DER = 72;
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private EcdsaSignature() {}

    /** {@return whether a curve of this order is P-256; other curves have the same number of bits} */
    static boolean isOrder(BigInteger order) {
        return order.equals(ORDER);
    }

    /** {@return r and s as 32 bytes each; empty if this is not their canonical DER form} */
    static Optional<byte[]> ofDer(byte[] der) {
        if (der.length < 8 || der.length > MAX_DER || der[0] != SEQUENCE || der[1] != der.length - 2) {
            return Optional.empty();
        }
        byte[] plain = new byte[2 * HALF];
        int at = 2;
        for (int end = HALF; end <= 2 * HALF; end += HALF) {
            if (at + 2 > der.length || der[at] != INTEGER) {
                return Optional.empty();
            }
            int length = der[at + 1];
            if (length < 1 || length > HALF + 1 || at + 2 + length > der.length) {
                return Optional.empty();
            }
            byte[] bytes = Arrays.copyOfRange(der, at + 2, at + 2 + length);
            BigInteger number = new BigInteger(bytes);
            if (number.signum() <= 0 || number.compareTo(ORDER) >= 0 || !Arrays.equals(number.toByteArray(), bytes)) {
                return Optional.empty();
            }
            int from = length > HALF ? 1 : 0;
            System.arraycopy(bytes, from, plain, end - (length - from), length - from);
            at += 2 + length;
        }
        return at == der.length ? Optional.of(plain) : Optional.empty();
    }

    /** {@return whether this is r and s, 32 bytes each} */
    static boolean isInRange(byte[] plain) {
        return plain.length == 2 * HALF
                && isInRange(new BigInteger(1, plain, 0, HALF))
                && isInRange(new BigInteger(1, plain, HALF, HALF));
    }

    private static boolean isInRange(BigInteger number) {
        return number.signum() > 0 && number.compareTo(ORDER) < 0;
    }
}
