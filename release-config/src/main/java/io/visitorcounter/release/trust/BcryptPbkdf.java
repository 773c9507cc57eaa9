package io.visitorcounter.release.trust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Derives a key from a password, as OpenSSH does for its private keys: OpenBSD's {@code bcrypt_pbkdf}. */
final class BcryptPbkdf {

    private static final int BLOCK_BYTES = 32;
    private static final int COST = 64;
    private static final String TEXT = "OxychromaticBlowfishSwatDynamite";

    private BcryptPbkdf() {}

    /** {@return the key}
     *
     *  @param password in UTF-8
     *  @param length of the key, in bytes */
    static byte[] derive(byte[] password, byte[] salt, int length, int rounds) {
        int[] pass = words(sha512(password));
        byte[] key = new byte[length];
        int blocks = (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
        for (int block = 0; block < blocks; block++) {
            byte[] numbered = ByteBuffer.allocate(salt.length + Integer.BYTES)
                    .put(salt)
                    .putInt(block + 1)
                    .array();
            byte[] round = hash(pass, words(sha512(numbered)));
            byte[] sum = round.clone();
            for (int i = 1; i < rounds; i++) {
                round = hash(pass, words(sha512(round)));
                for (int j = 0; j < BLOCK_BYTES; j++) {
                    sum[j] ^= round[j];
                }
            }
            // The blocks are interleaved byte by byte, so that half a key needs every block.
            for (int i = 0; i * blocks + block < length; i++) {
                key[i * blocks + block] = sum[i];
            }
        }
        return key;
    }

    private static byte[] hash(int[] password, int[] salt) {
        Blowfish cipher = new Blowfish();
        cipher.expand(salt, password);
        for (int i = 0; i < COST; i++) {
            cipher.expand(new int[0], salt);
            cipher.expand(new int[0], password);
        }
        int[] text = words(TEXT.getBytes(StandardCharsets.US_ASCII));
        byte[] hash = new byte[BLOCK_BYTES];
        ByteBuffer out = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < text.length; i += 2) {
            for (int n = 0; n < COST; n++) {
                cipher.encrypt(text, i);
            }
            out.putInt(text[i]).putInt(text[i + 1]);
        }
        return hash;
    }

    private static int[] words(byte[] bytes) {
        int[] words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(words);
        return words;
    }

    static byte[] sha512(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-512", missing);
        }
    }
}
