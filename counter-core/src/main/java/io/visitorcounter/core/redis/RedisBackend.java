package io.visitorcounter.core.redis;

import io.lettuce.core.KeyValue;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Counts with a script, which the server runs as one step. A write is tried once; sending again is up to the lane. */
final class RedisBackend implements Backend {

    /** How long a lane's record is kept: far longer than a lane sends a batch again (20 min), so that a record that is
     *  gone means that the server lost it. */
    private static final long LANE_KEPT_MILLIS = Duration.ofHours(6).toMillis();

    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final ReconnectingConnection redis;
    private final DurabilityCheck durability;
    private final long checkMillis;
    private final long idKeptMillis;
    private final String keyPrefix;
    private final AtomicLong probed = new AtomicLong(System.nanoTime() - PROBE_NANOS);
    private volatile boolean closed;
    private volatile @Nullable String trouble;
    private volatile @Nullable LaneKeys lastKeys; // of the batch before: most are of one lane

    RedisBackend(
            Client client,
            RedisConnection connection,
            DurabilityCheck durability,
            Duration attempt,
            CounterOptions options) {
        this.client = client;
        this.redis = new ReconnectingConnection(client, connection);
        this.durability = durability;
        // The server answers before the client gives up.
        this.checkMillis = Math.max(1, attempt.toMillis() * 3 / 4);
        this.keyPrefix = options.keyPrefix();
        // A visit with an id is sent again until its deadline: its record outlives that.
        this.idKeptMillis = options.idWindow().plus(options.deadline()).toMillis();
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        RedisConnection connection = redis.current();
        if (closed || client.hostHasEnded()) {
            answer.accept(new Outcome.NotWritten(closed ? "the store is closed" : hostHasEnded(), null, false));
            return;
        }
        if (!redis.isOpen()) {
            answer.accept(new Outcome.NotWritten(client.address() + ": not connected", null, true));
            return;
        }
        CompletionStage<long[]> reply;
        try {
            reply = send(connection, batch);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        answerWith(reply, connection, batch, answer);
        client.await(reply);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the answer is given in it
    private void answerWith(
            CompletionStage<long[]> reply, RedisConnection connection, Batch batch, Consumer<Outcome> answer) {
        reply.whenComplete((numbers, thrown) ->
                answer.accept(thrown == null ? counted(numbers, connection, batch) : failed(thrown, connection)));
    }

    private CompletionStage<long[]> send(RedisConnection connection, Batch batch) {
        ScriptCall call = new ScriptCall(
                Script.VISIT,
                6,
                keys(batch),
                batch.cumulative(),
                batch.previous(),
                batch.known().generation(),
                batch.known().value(),
                batch.hasId() ? idKeptMillis : LANE_KEPT_MILLIS,
                HourlyVisits.KEPT.toHours());
        if (durability instanceof DurabilityCheck.Answered) {
            return call.on(connection.commands(), null);
        }
        return connection
                .commandsOf(key(batch.counter()))
                .thenCompose(node -> call.on(node, on -> durability.ask(on, checkMillis)));
    }

    private ScriptCall.Keys keys(Batch batch) {
        LaneKeys last = lastKeys;
        if (last == null || !last.record.equals(batch.record()) || !last.counter.equals(batch.counter())) {
            last = new LaneKeys(
                    batch.counter(),
                    batch.record(),
                    new ScriptCall.Keys(key(batch.counter()), "generation", batch.record(), "hours"));
            lastKeys = last;
        }
        return last.keys;
    }

    private String key(CounterName counter) {
        return keyPrefix + counter.text();
    }

    /** The keys that a lane's batches have in common. */
    private record LaneKeys(CounterName counter, String record, ScriptCall.Keys keys) {}

    private Outcome counted(long[] reply, RedisConnection connection, Batch batch) {
        if (reply.length != 6 || reply[1] != batch.cumulative()) {
            redis.replace(connection, "an answer belongs to another question");
            return new Outcome.MaybeWritten(client.address() + ": the answer belongs to another question", null, true);
        }
        if (trouble != null) {
            trouble = null;
        }
        // The outcomes of visit.lua.
        return switch ((int) reply[0]) {
            case 0, 1 ->
                new Outcome.Written(
                        reply[2],
                        reply[3],
                        reply[0] == 1,
                        reply[5] < 0 ? null : new Outcome.Regression(reply[4], reply[5]));
            case 2 -> new Outcome.Forgotten();
            case 4 -> new Outcome.NotWritten(client.address() + ": " + notACount(batch.counter()), null, false);
            default -> new Outcome.MaybeWritten(client.address() + ": a later batch was found", null, false);
        };
    }

    private String notACount(CounterName counter) {
        return "key \"" + key(counter)
                + "\": expected an integer of 0..999999999999999, got something else; SET it to one" + " or delete it";
    }

    private Outcome failed(Throwable thrown, RedisConnection connection) {
        Throwable cause = ServerErrors.cause(thrown);
        if (cause instanceof DurabilityCheck.MissingException missing) {
            return new Outcome.MaybeWritten(client.address() + ": " + missing.getMessage(), missing, true);
        }
        noteFailure(cause, connection);
        return ServerErrors.outcome(cause, client.address());
    }

    private void noteFailure(Throwable cause, RedisConnection connection) {
        trouble = ServerErrors.oneLine(cause);
        if (closed) {
            return;
        }
        if (ServerErrors.isTimeout(cause)) {
            redis.replace(connection, "no answer in time");
        } else if (ServerErrors.isReadOnly(cause)) {
            redis.replace(connection, "the server is a replica now");
        } else if (ServerErrors.passes(cause)) {
            client.moved(cause);
        }
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        ScriptCall call = new ScriptCall(
                Script.VALUE, 2, new ScriptCall.Keys(key(counter), "generation"), known.generation(), known.value());
        return read(connection -> call.on(connection.commands(), null).thenApply(reply -> {
            if (reply.length != 2 || reply[0] < 0) {
                throw new StoreException(client.address() + ": " + notACount(counter), null);
            }
            return new CounterValue(reply[0], reply[1]);
        }));
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        if (fromHour >= toHour) {
            return CompletableFuture.completedFuture(List.of());
        }
        String[] hours =
                LongStream.range(fromHour, toHour).mapToObj(Long::toString).toArray(String[]::new);
        return read(connection -> connection
                .commands()
                .hmget(ScriptCall.Keys.key(key(counter), "hours"), hours)
                .thenApply(found -> found.stream()
                        .filter(KeyValue::hasValue)
                        .map(hour -> new HourlyVisits(
                                Instant.ofEpochSecond(Long.parseLong(hour.getKey()) * 3600),
                                Long.parseLong(hour.getValue())))
                        .toList()));
    }

    private String hostHasEnded() {
        return client.address() + ": the event loop that the store works on has ended";
    }

    private <T> CompletionStage<T> read(Function<RedisConnection, CompletionStage<T>> reading) {
        if (client.hostHasEnded()) {
            return CompletableFuture.failedFuture(new StoreException(hostHasEnded(), null));
        }
        RedisConnection connection = redis.current();
        if (!redis.isOpen()) {
            return CompletableFuture.failedFuture(new IllegalStateException(client.address() + ": not connected"));
        }
        CompletionStage<T> answer = reading.apply(connection);
        client.await(answer);
        return answer.handle((value, thrown) -> {
                    if (thrown == null) {
                        return CompletableFuture.completedFuture(value);
                    }
                    Throwable cause = ServerErrors.cause(thrown);
                    if (!(cause instanceof StoreException)) {
                        noteFailure(cause, connection);
                        if (!ServerErrors.passes(cause)) {
                            cause = new StoreException(client.address() + ": " + ServerErrors.permanent(cause), cause);
                        }
                    }
                    return CompletableFuture.<T>failedFuture(cause);
                })
                .thenCompose(Function.identity());
    }

    @Override
    public StoreHealth health() {
        if (client.hostHasEnded()) {
            return new StoreHealth(false, hostHasEnded());
        }
        if (!redis.isOpen()) {
            return new StoreHealth(false, client.address() + ": not connected");
        }
        String bad = trouble;
        if (bad != null) {
            probe();
        }
        return new StoreHealth(bad == null, client.address() + ": " + (bad == null ? "connected" : bad));
    }

    // Without visits nothing else would find out that the trouble is over.
    @SuppressWarnings("FutureReturnValueIgnored") // its only use is to end the trouble
    private void probe() {
        long last = probed.get();
        long now = System.nanoTime();
        if (now - last >= PROBE_NANOS && probed.compareAndSet(last, now)) {
            RedisConnection connection = redis.current();
            connection.commands().ping().whenComplete((pong, thrown) -> {
                if (thrown == null) {
                    trouble = null;
                } else if (ServerErrors.isTimeout(thrown)) {
                    redis.replace(connection, "no answer in time");
                }
            });
        }
    }

    @Override
    public void refuseItsOwnThread() {
        if (client.isHost(Thread.currentThread())) {
            throw new IllegalStateException(
                    client.address() + ": its event loop would wait for itself; close it or wait on another thread");
        }
    }

    @Override
    public void close() {
        closed = true;
        redis.close();
        client.close();
    }
}
