package io.visitorcounter.core.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.DailyVisitors;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Notes visitors in Redis' own HyperLogLogs, at most 12 KiB for each counter and day. Salts and sketches are keys that
 *  expire.
 *
 *  @param reads asks the server
 *  @param keys gives the key of a counter's value */
record RedisVisitors(RedisReads reads, Function<CounterName, String> keys) implements VisitorSketches {

    /** How long a salt outlives its day, since another process' clock may be behind. */
    private static final Duration SALT_AFTER_ITS_DAY = Duration.ofMinutes(1);

    private interface KeyQuestion<T> {
        CompletionStage<T> to(RedisClusterAsyncCommands<String, String> commands, String key);
    }

    private <T> CompletionStage<T> ask(CounterName counter, String what, KeyQuestion<T> question) {
        String key = keys.apply(counter);
        String asked = ScriptCall.Keys.key(key, what);
        return reads.ask(key, connection -> question.to(connection.commands(), asked));
    }

    @Override
    public CompletionStage<byte[]> salt(CounterName counter, LocalDate day, byte[] proposed) {
        Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(SALT_AFTER_ITS_DAY);
        long millis = Math.max(1000, Duration.between(Instant.now(), end).toMillis());
        String salt = HexFormat.of().formatHex(proposed);
        return ask(counter, "salt:" + day, (commands, key) -> {
            // Both are sent at once; the second returns the salt of the process that was first.
            CompletionStage<String> set =
                    commands.set(key, salt, SetArgs.Builder.nx().px(millis));
            CompletionStage<String> get = commands.get(key);
            return set.thenCompose(done -> get).thenApply(found -> {
                if (found == null) {
                    throw new IllegalStateException("the salt expired while it was read");
                }
                return HexFormat.of().parseHex(found);
            });
        });
    }

    @Override
    public CompletionStage<?> note(CounterName counter, LocalDate day, long hash) {
        return ask(counter, "visitors:" + day, (commands, key) -> {
            CompletionStage<Long> added = commands.pfadd(key, HexFormat.of().toHexDigits(hash));
            CompletionStage<Boolean> kept = commands.pexpire(
                    key, Duration.ofDays(DailyVisitors.KEPT_DAYS + 1).toMillis());
            return added.thenCombine(kept, (changed, set) -> changed);
        });
    }

    @Override
    public CompletionStage<List<DailyVisitors>> days(CounterName counter, LocalDate from, LocalDate to) {
        String key = keys.apply(counter);
        return reads.ask(
                key,
                connection -> all(from.datesUntil(to)
                        .map(day -> connection
                                .commands()
                                .pfcount(ScriptCall.Keys.key(key, "visitors:" + day))
                                .thenApply(visitors -> new DailyVisitors(day, visitors))
                                .toCompletableFuture())
                        .toList()));
    }

    private static CompletionStage<List<DailyVisitors>> all(List<CompletableFuture<DailyVisitors>> days) {
        return CompletableFuture.allOf(days.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> days.stream()
                        .map(CompletableFuture::join)
                        .filter(day -> day.visitors() > 0)
                        .toList());
    }
}
