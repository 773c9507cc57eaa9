package io.visitorcounter.core.redis;

import io.lettuce.core.KeyValue;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.combine.Backend;
import io.visitorcounter.core.combine.Batch;
import io.visitorcounter.core.combine.Outcome;
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

    private static final long HOURS_KEPT = 400 * 24;
    private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final Line line;
    private final Proof proof;
    private final long proofMillis;
    private final long idKeptMillis;
    private final AtomicLong probed = new AtomicLong(System.nanoTime() - PROBE_NANOS);
    private volatile boolean closed;
    private volatile @Nullable String trouble;
    private volatile @Nullable LaneKeys lastKeys; // of the batch before: most are of one lane

    RedisBackend(Client client, Link link, Proof proof, Duration attempt, CounterOptions options) {
        this.client = client;
        this.line = new Line(client, link);
        this.proof = proof;
        // The server answers before the client gives up.
        this.proofMillis = Math.max(1, attempt.toMillis() * 3 / 4);
        // A visit with an id is sent again until its deadline: its record outlives that.
        this.idKeptMillis = options.idWindow().plus(options.deadline()).toMillis();
    }

    @Override
    public void write(Batch batch, Consumer<Outcome> answer) {
        Link link = line.link();
        if (closed || client.hostHasEnded()) {
            answer.accept(new Outcome.NotWritten(closed ? "the store is closed" : hostHasEnded(), null, false));
            return;
        }
        if (!line.isOpen()) {
            answer.accept(new Outcome.NotWritten(client.address() + ": not connected", null, true));
            return;
        }
        CompletionStage<long[]> reply;
        try {
            reply = send(link, batch);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        answerWith(reply, link, batch, answer);
        client.await(reply);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the answer is given in it
    private void answerWith(CompletionStage<long[]> reply, Link link, Batch batch, Consumer<Outcome> answer) {
        reply.whenComplete((numbers, thrown) ->
                answer.accept(thrown == null ? counted(numbers, link, batch) : failed(thrown, link)));
    }

    private CompletionStage<long[]> send(Link link, Batch batch) {
        ScriptCall call = new ScriptCall(
                Script.VISIT,
                6,
                keys(batch),
                batch.cumulative(),
                batch.previous(),
                batch.known().generation(),
                batch.known().value(),
                batch.hasId() ? idKeptMillis : LANE_KEPT_MILLIS,
                HOURS_KEPT);
        if (proof instanceof Proof.Answered) {
            return call.on(link.commands(), null);
        }
        return link.commandsOf(batch.counter().text())
                .thenCompose(node -> call.on(node, on -> proof.ask(on, proofMillis)));
    }

    private ScriptCall.Keys keys(Batch batch) {
        LaneKeys last = lastKeys;
        if (last == null || !last.record.equals(batch.record()) || !last.counter.equals(batch.counter())) {
            last = new LaneKeys(
                    batch.counter(),
                    batch.record(),
                    new ScriptCall.Keys(batch.counter(), "generation", batch.record(), "hours"));
            lastKeys = last;
        }
        return last.keys;
    }

    /** The keys that a lane's batches have in common. */
    private record LaneKeys(CounterName counter, String record, ScriptCall.Keys keys) {}

    private Outcome counted(long[] reply, Link link, Batch batch) {
        if (reply.length != 6 || reply[1] != batch.cumulative()) {
            line.replace(link, "an answer belongs to another question");
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

    private static String notACount(CounterName counter) {
        return "key \"" + counter + "\": expected an integer of 0..999999999999999, got something else; SET it to one"
                + " or delete it";
    }

    private Outcome failed(Throwable thrown, Link link) {
        Throwable cause = Answers.cause(thrown);
        if (cause instanceof Proof.MissingException missing) {
            return new Outcome.MaybeWritten(client.address() + ": " + missing.getMessage(), missing, true);
        }
        noteFailure(cause, link);
        return Answers.outcome(cause, client.address());
    }

    private void noteFailure(Throwable cause, Link link) {
        trouble = Answers.oneLine(cause);
        if (closed) {
            return;
        }
        if (Answers.isTimeout(cause)) {
            line.replace(link, "no answer in time");
        } else if (Answers.isReadOnly(cause)) {
            line.replace(link, "the server is a replica now");
        } else if (Answers.passes(cause)) {
            client.moved(cause);
        }
    }

    @Override
    public CompletionStage<CounterValue> value(CounterName counter, CounterValue known) {
        ScriptCall call = new ScriptCall(
                Script.VALUE, 2, new ScriptCall.Keys(counter, "generation"), known.generation(), known.value());
        return read(link -> call.on(link.commands(), null).thenApply(reply -> {
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
        return read(link -> link.commands()
                .hmget(ScriptCall.Keys.key(counter, "hours"), hours)
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

    private <T> CompletionStage<T> read(Function<Link, CompletionStage<T>> reading) {
        if (client.hostHasEnded()) {
            return CompletableFuture.failedFuture(new StoreException(hostHasEnded(), null));
        }
        Link link = line.link();
        if (!line.isOpen()) {
            return CompletableFuture.failedFuture(new IllegalStateException(client.address() + ": not connected"));
        }
        CompletionStage<T> answer = reading.apply(link);
        client.await(answer);
        return answer.handle((value, thrown) -> {
                    if (thrown == null) {
                        return CompletableFuture.completedFuture(value);
                    }
                    Throwable cause = Answers.cause(thrown);
                    if (!(cause instanceof StoreException)) {
                        noteFailure(cause, link);
                        if (!Answers.passes(cause)) {
                            cause = new StoreException(client.address() + ": " + Answers.permanent(cause), cause);
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
        if (!line.isOpen()) {
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
            Link link = line.link();
            link.commands().ping().whenComplete((pong, thrown) -> {
                if (thrown == null) {
                    trouble = null;
                } else if (Answers.isTimeout(thrown)) {
                    line.replace(link, "no answer in time");
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
        line.close();
        client.close();
    }
}
