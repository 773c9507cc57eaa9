package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Change;
import io.visitorcounter.core.spi.Outcome;
import io.visitorcounter.core.spi.VisitorSketches;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts with a script, which the server runs atomically. A write is tried once; resending is up to the lane. */
final class RedisBackend implements Backend {

    /** How long a lane's record is kept: far longer than a lane resends a batch (20 min), so that a missing record
     *  means that the server lost it. */
    private static final long LANE_KEPT_MILLIS = Duration.ofHours(6).toMillis();

    private final Client client;
    private final ReconnectingConnection redis;
    private final RedisReads reads;
    private final DurabilityCheck durability;
    private final long checkMillis;
    private final long idKeptMillis;
    private final String keyPrefix;
    private final ServerTrouble trouble = new ServerTrouble();
    private final ExpiryWatch expiry;
    private volatile boolean closed;
    private volatile Consumer<StoreHealth> watcher = health -> {};
    private volatile @Nullable LaneKeys lastKeys; // of the previous batch: most batches are of one lane

    RedisBackend(
            Client client,
            RedisConnection connection,
            DurabilityCheck durability,
            Duration attempt,
            CounterOptions options) {
        this.client = client;
        this.redis = new ReconnectingConnection(client, connection, health -> watcher.accept(health));
        this.reads = new RedisReads(client, redis, this::noteFailure);
        this.durability = durability;
        // The server must reply before the client gives up.
        this.checkMillis = Math.max(1, attempt.toMillis() * 3 / 4);
        this.keyPrefix = options.keyPrefix();
        this.expiry = new ExpiryWatch(client.address());
        // A visit with an id is resent until its deadline, which its record must outlive.
        this.idKeptMillis = options.idWindow().plus(options.deadline()).toMillis();
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        write(batch.counter(), call(batch), batch.cumulative(), batch.previous() == 0 && !batch.hasId(), false, answer);
    }

    @Override
    public void change(Change change, Consumer<Outcome> answer) {
        write(change.counter(), ChangeCall.of(change, key(change.counter()), idKeptMillis), 1, false, true, answer);
    }

    private void write(
            CounterName counter,
            ScriptCall call,
            long cumulative,
            boolean isFirst,
            boolean deletes,
            Consumer<Outcome> answer) {
        RedisConnection connection = redis.current();
        if (closed || client.hostHasEnded()) {
            answer.accept(new Outcome.NotWritten(closed ? "the store is closed" : reads.hostHasEnded(), null, false));
            return;
        }
        if (!redis.isOpen()) {
            answer.accept(new Outcome.NotWritten(client.address() + ": " + redis.why(), null, true));
            return;
        }
        CompletionStage<long[]> reply;
        try {
            reply = send(connection, counter, call);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        answerWith(reply, (numbers, thrown) -> {
            if (thrown == null) {
                answer.accept(replied(numbers, connection, counter, cumulative, isFirst));
            } else if (ServerErrors.mayBeOfRights(thrown)) {
                answerWith(
                        RedisReads.missingRight(connection, key(counter), deletes),
                        (right, failure) -> answer.accept(failed(thrown, connection, counter, right)));
            } else {
                answer.accept(failed(thrown, connection, counter, ""));
            }
        });
        client.await(reply);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gives the answer
    private static <T> void answerWith(CompletionStage<T> reply, BiConsumer<T, @Nullable Throwable> answer) {
        reply.whenComplete(answer);
    }

    private ScriptCall call(Batch batch) {
        return new ScriptCall(
                Script.VISIT,
                VisitReply.SIZE,
                keys(batch),
                batch.cumulative(),
                batch.previous(),
                batch.known().generation(),
                batch.known().value(),
                batch.hasId() ? idKeptMillis : LANE_KEPT_MILLIS,
                HourlyVisits.KEPT.toHours());
    }

    private CompletionStage<long[]> send(RedisConnection connection, CounterName counter, ScriptCall call) {
        if (durability instanceof DurabilityCheck.Answered) {
            return call.on(connection.commands(), null);
        }
        return connection
                .commandsOf(key(counter))
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

    /** The keys that all batches of a lane share. */
    private record LaneKeys(CounterName counter, String record, ScriptCall.Keys keys) {}

    private Outcome replied(
            long[] reply, RedisConnection connection, CounterName counter, long cumulative, boolean isFirst) {
        if (reply.length != VisitReply.SIZE || reply[1] != cumulative) {
            redis.replace(connection, "a reply belongs to another command");
            return new Outcome.MaybeWritten(client.address() + ": the reply belongs to another command", null, true);
        }
        succeeded();
        String key = key(counter);
        if (isFirst) {
            expiry.look(connection, key);
        }
        return VisitReply.outcome(reply, client.address(), key);
    }

    private void succeeded() {
        redis.succeeded();
        trouble.over();
    }

    private Outcome failed(Throwable thrown, RedisConnection connection, CounterName counter, String right) {
        Throwable cause = ServerErrors.cause(thrown);
        if (cause instanceof DurabilityCheck.MissingException missing) {
            return new Outcome.MaybeWritten(client.address() + ": " + missing.getMessage(), missing, missing.again);
        }
        noteFailure(cause, connection, key(counter));
        return ServerErrors.outcome(cause, client.address(), right);
    }

    private void noteFailure(Throwable cause, RedisConnection connection, String key) {
        if (closed) {
            return;
        }
        trouble.failed(cause, key);
        if (ServerErrors.isTimeout(cause)) {
            redis.replace(connection, "no reply in time");
        } else if (ServerErrors.isReadOnly(cause)) {
            redis.replace(connection, "the server is a replica now");
        } else if (ServerErrors.isUnauthenticated(cause)) {
            redis.replace(connection, ServerErrors.permanent(cause));
        } else if (cause instanceof RedisCommandExecutionException) {
            redis.succeeded();
            client.moved(cause);
        }
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        return reads.value(key(counter), known);
    }

    @Override
    public CompletionStage<List<CounterName>> counters() {
        return reads.counters(keyPrefix);
    }

    @Override
    public CompletionStage<List<HourlyVisits>> history(CounterName counter, long fromHour, long toHour) {
        return reads.history(key(counter), fromHour, toHour);
    }

    @Override
    public CompletionStage<StoreHealth> check(CounterName counter) {
        String key = key(counter);
        return check(key)
                .thenApply(check -> check.counts()
                        ? new StoreHealth(true, client.address() + ": counting")
                        : new StoreHealth(false, client.address() + ": " + check.whyNot(key)));
    }

    private CompletionStage<VisitCheck> check(String key) {
        return reads.ask(key, connection -> {
                    expiry.look(connection, key);
                    return VisitCheck.ask(connection, key);
                })
                .thenApply(check -> {
                    succeeded();
                    return check;
                });
    }

    @Override
    public Optional<VisitorSketches> sketches() {
        return Optional.of(new RedisVisitors(reads, this::key));
    }

    @Override
    public StoreHealth health() {
        if (client.hostHasEnded()) {
            return new StoreHealth(false, reads.hostHasEnded());
        }
        if (!redis.isOpen()) {
            return new StoreHealth(false, client.address() + ": " + redis.why());
        }
        ServerTrouble.Seen seen = trouble.seen();
        if (seen == null) {
            return new StoreHealth(true, client.address() + ": connected");
        }
        if (trouble.isProbeDue()) {
            probe(seen.key());
        }
        return new StoreHealth(false, client.address() + ": " + seen.why());
    }

    // Without visits nothing else would notice that the trouble is over.
    @SuppressWarnings("FutureReturnValueIgnored") // only meant to end the trouble
    private void probe(String key) {
        check(key).whenComplete((check, failure) -> {
            if (failure != null && ServerErrors.cause(failure) instanceof StoreException) {
                trouble.over();
            }
        });
    }

    @Override
    public void watch(Consumer<StoreHealth> told) {
        watcher = told;
    }

    @Override
    public String place() {
        return client.address() + "/" + keyPrefix;
    }

    @Override
    public String toString() {
        return client.address().toString();
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
