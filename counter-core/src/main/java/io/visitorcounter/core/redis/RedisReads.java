package io.visitorcounter.core.redis;

import io.lettuce.core.KeyValue;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.LongStream;

/** What a store reads from Redis. Each read is tried once, on the current connection. A stage fails with a
 *  {@link StoreException} if trying again can't help, and with an {@link IllegalStateException} if it can. */
final class RedisReads {

    private final Client client;
    private final ReconnectingConnection redis;
    private final Failures failures;

    /** Notes failures, so that the connection is replaced or the store's health updated. */
    interface Failures {
        void note(Throwable cause, RedisConnection connection, String key);
    }

    RedisReads(Client client, ReconnectingConnection redis, Failures failures) {
        this.client = client;
        this.redis = redis;
        this.failures = failures;
    }

    CompletionStage<CounterValue> value(String key, CounterValue known) {
        ScriptCall call = new ScriptCall(
                Script.VALUE, 2, new ScriptCall.Keys(key, "generation"), known.generation(), known.value());
        return ask(
                key,
                connection -> call.on(connection.commands(), null).thenApply(reply -> {
                    if (reply.length != 2 || reply[0] < 0) {
                        throw new StoreException(client.address() + ": " + VisitReply.whyNoValue(reply, key), null);
                    }
                    return new CounterValue(reply[0], reply[1]);
                }));
    }

    CompletionStage<List<CounterName>> counters(String keyPrefix) {
        return ask(
                keyPrefix + "visitor-counter",
                connection -> new CounterList(connection, client.address(), keyPrefix)
                        .names()
                        .thenApply(List::copyOf));
    }

    CompletionStage<List<HourlyVisits>> history(String key, long fromHour, long toHour) {
        if (fromHour >= toHour) {
            return CompletableFuture.completedFuture(List.of());
        }
        String[] hours =
                LongStream.range(fromHour, toHour).mapToObj(Long::toString).toArray(String[]::new);
        return ask(
                key,
                connection -> connection
                        .commands()
                        .hmget(ScriptCall.Keys.key(key, "hours"), hours)
                        .thenApply(found -> found.stream()
                                .filter(KeyValue::hasValue)
                                .map(hour -> visits(hour, key))
                                // An hour can be empty if its only visit was taken back.
                                .filter(hour -> hour.visits() > 0)
                                .toList()));
    }

    private HourlyVisits visits(KeyValue<String, String> hour, String key) {
        try {
            return new HourlyVisits(
                    Instant.ofEpochSecond(Long.parseLong(hour.getKey()) * 3600), Long.parseLong(hour.getValue()));
        } catch (NumberFormatException e) {
            throw new StoreException(client.address() + ": " + VisitReply.noHour(key), e);
        }
    }

    /** Asks a question about the counter with this key. */
    <T> CompletionStage<T> ask(String key, Function<RedisConnection, CompletionStage<T>> question) {
        if (client.hostHasEnded()) {
            return CompletableFuture.failedFuture(new StoreException(hostHasEnded(), null));
        }
        RedisConnection connection = redis.current();
        if (!redis.isOpen()) {
            return CompletableFuture.failedFuture(new IllegalStateException(client.address() + ": " + redis.why()));
        }
        CompletionStage<T> reply = question.apply(connection);
        client.await(reply);
        return reply.exceptionallyCompose(thrown -> failed(thrown, connection, key));
    }

    /** {@return why nothing can be asked, if {@link Client#hostHasEnded}} */
    String hostHasEnded() {
        return client.address() + ": the event loop that the store works on has ended";
    }

    private <T> CompletionStage<T> failed(Throwable thrown, RedisConnection connection, String key) {
        Throwable cause = ServerErrors.cause(thrown);
        if (cause instanceof StoreException) {
            return CompletableFuture.failedFuture(cause);
        }
        failures.note(cause, connection, key);
        if (ServerErrors.passes(cause)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException(client.address() + ": " + ServerErrors.told(cause), cause));
        }
        CompletionStage<String> right = ServerErrors.mayBeOfRights(cause)
                ? missingRight(connection, key, false)
                : CompletableFuture.completedFuture("");
        return right.thenCompose(lacking -> CompletableFuture.failedFuture(new StoreException(
                client.address() + ": " + (lacking.isEmpty() ? ServerErrors.permanent(cause) : lacking), cause)));
    }

    /** {@return the right that the user lacks, as in {@link VisitCheck#missingRight}; also empty if the server does not
     *  say} */
    static CompletionStage<String> missingRight(RedisConnection connection, String key, boolean all) {
        return VisitCheck.ask(connection, key)
                .handle((check, failure) -> failure == null ? check.missingRight(all) : "");
    }
}
