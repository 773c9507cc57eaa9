package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.spi.VisitorSketches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Notes the visitors of one counter. A visitor's text leaves this class only as a hash with the salt of the day, which
 *  the store holds and this process caches until the day is over. Thread-safe. */
final class NotedVisitors {

    private static final int SALT_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final CounterName counter;
    private final VisitorSketches sketches;
    private final Ticker ticker;
    private volatile @Nullable DaySalt salt;

    private static final class DaySalt {

        private final LocalDate day;
        private final byte[] bytes;

        DaySalt(LocalDate day, byte[] bytes) {
            this.day = day;
            this.bytes = bytes;
        }
    }

    NotedVisitors(CounterName counter, VisitorSketches sketches, Ticker ticker) {
        this.counter = counter;
        this.sketches = sketches;
        this.ticker = ticker;
    }

    /** Tries once to note a visitor. */
    CompletionStage<?> note(String visitor) {
        LocalDate today = today(ticker);
        return salt(today).thenCompose(bytes -> sketches.note(counter, today, hash(bytes, visitor)));
    }

    private CompletionStage<byte[]> salt(LocalDate day) {
        DaySalt known = salt;
        if (known != null && known.day.equals(day)) {
            return CompletableFuture.completedFuture(known.bytes);
        }
        byte[] proposed = new byte[SALT_BYTES];
        RANDOM.nextBytes(proposed);
        return sketches.salt(counter, day, proposed).thenApply(bytes -> {
            salt = new DaySalt(day, bytes);
            return bytes;
        });
    }

    /** Forgets the salt of a day that is over, here and in the store. */
    void forgetOldSalt() {
        DaySalt known = salt;
        LocalDate today = today(ticker);
        if (known != null && known.day.isBefore(today)) {
            salt = null;
            sketches.forgetSaltsBefore(today);
        }
    }

    static LocalDate today(Ticker ticker) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(ticker.wallMillis()), ZoneOffset.UTC);
    }

    private static long hash(byte[] salt, String visitor) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(salt);
            return ByteBuffer.wrap(sha.digest(visitor.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }
}
