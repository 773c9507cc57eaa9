package io.visitorcounter.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a store counts. Immutable; {@link #defaults()} is right for most. */
public final class CounterOptions {

    /** The shortest {@link #deadline()}. */
    public static final Duration MIN_DEADLINE = Duration.ofMillis(10);

    /** The longest {@link #deadline()}. */
    public static final Duration MAX_DEADLINE = Duration.ofMinutes(10);

    /** The largest {@link #queue()}, in visits. */
    public static final int MAX_QUEUE = 1_000_000;

    // No braces: prefix and name are put in braces as the hash tag of the counter's other keys.
    private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9._:/@-]{0,100}");

    private static final CounterOptions DEFAULTS = new Builder().build();

    /** A private copy, so it never changes. */
    private final Builder set;

    private CounterOptions(Builder set) {
        this.set = set;
    }

    /** {@return memory durability, a deadline of 2 s, a queue of 10 000 visits, ids kept for 24 h, no waiting for an
     *  unavailable server, no credentials, the JVM's certificates} */
    public static CounterOptions defaults() {
        return DEFAULTS;
    }

    /** {@return a builder with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these options} */
    public Builder toBuilder() {
        return new Builder(set);
    }

    /** {@return what must hold before a visit is answered} */
    public Durability durability() {
        return set.durability;
    }

    /** {@return how long a call may take, resends included, before it fails} */
    public Duration deadline() {
        return set.deadline;
    }

    /** {@return how many visits may wait in one counter's lane; more are refused as not counted} */
    public int queue() {
        return set.queue;
    }

    /** {@return how long a visit id is remembered} */
    public Duration idWindow() {
        return set.idWindow;
    }

    /** {@return the prefix of each counter's keys in Redis; empty for none} */
    public String keyPrefix() {
        return set.keyPrefix;
    }

    /** {@return how long opening waits for an unavailable server; zero to fail at once} */
    public Duration openTimeout() {
        return set.openTimeout;
    }

    /** {@return the credentials, which take precedence over any in the URI} */
    public Optional<Credentials> credentials() {
        return Optional.ofNullable(set.credentials);
    }

    /** {@return the file with the certificates that servers are checked against; empty for those of the JVM} */
    public Optional<Path> certificates() {
        return Optional.ofNullable(set.certificates);
    }

    /** {@return where the dependents of returned stages run; empty for the thread that received the reply} */
    public Optional<Executor> executor() {
        return Optional.ofNullable(set.executor);
    }

    /** {@return the thread where the store does its network work; empty for the store's own threads} */
    public Optional<EventLoop> eventLoop() {
        return Optional.ofNullable(set.eventLoop);
    }

    /** {@return the listener for batches, resends, failures and regressions} */
    public CounterListener listener() {
        return set.listener;
    }

    /** {@return the options that are set, without credentials, for a log} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("durability ")
                .append(set.durability)
                .append(", deadline ")
                .append(set.deadline)
                .append(", queue ")
                .append(set.queue)
                .append(", id window ")
                .append(set.idWindow);
        if (!set.openTimeout.isZero()) {
            text.append(", open timeout ").append(set.openTimeout);
        }
        if (!set.keyPrefix.isEmpty()) {
            text.append(", key prefix ").append(set.keyPrefix);
        }
        if (set.certificates != null) {
            text.append(", certificates ").append(set.certificates);
        }
        text.append(set.credentials == null ? "" : ", with credentials")
                .append(set.executor == null ? "" : ", with an executor")
                .append(set.eventLoop == null ? "" : ", on an event loop");
        return text.toString();
    }

    /** Collects options; each setter checks its bounds and refuses null. */
    public static final class Builder {

        private Durability durability = new Durability.Memory();
        private Duration deadline = Duration.ofSeconds(2);
        private int queue = 10_000;
        private Duration idWindow = Duration.ofHours(24);
        private String keyPrefix = "";
        private Duration openTimeout = Duration.ZERO;
        private @Nullable Credentials credentials;
        private @Nullable Path certificates;
        private @Nullable Executor executor;
        private @Nullable EventLoop eventLoop;
        private CounterListener listener = new CounterListener() {};

        private Builder() {}

        private Builder(Builder from) {
            durability = from.durability;
            deadline = from.deadline;
            queue = from.queue;
            idWindow = from.idWindow;
            keyPrefix = from.keyPrefix;
            openTimeout = from.openTimeout;
            credentials = from.credentials;
            certificates = from.certificates;
            executor = from.executor;
            eventLoop = from.eventLoop;
            listener = from.listener;
        }

        /** Sets what must hold before a visit is answered.
         *
         *  @param value the durability
         *  @return this */
        public Builder durability(Durability value) {
            durability = Objects.requireNonNull(value, "durability");
            return this;
        }

        /** Sets how long a call may take before it fails.
         *
         *  @param value 10 ms to 10 min
         *  @return this */
        public Builder deadline(Duration value) {
            deadline = between("deadline", value, MIN_DEADLINE, MAX_DEADLINE);
            return this;
        }

        /** Sets how many visits may wait in one lane.
         *
         *  @param value 1 to 1 000 000 visits
         *  @return this */
        public Builder queue(int value) {
            if (value < 1 || value > MAX_QUEUE) {
                throw new IllegalArgumentException("queue: expected 1.." + MAX_QUEUE + " visits, got " + value);
            }
            queue = value;
            return this;
        }

        /** Sets how long a visit id is remembered. The memory store remembers up to 100,000 ids and SQLite up to a
         *  million. When that limit is reached, visits with a new id are not counted until some ids expire.
         *
         *  @param value 1 min to 400 days
         *  @return this */
        public Builder idWindow(Duration value) {
            idWindow = between("id window", value, Duration.ofMinutes(1), Duration.ofDays(400));
            return this;
        }

        /** Sets the prefix of each counter's keys in Redis, so that applications can share a database or continue an
         *  existing key: with {@code app:visits:}, the counter {@code home} counts in {@code app:visits:home}. Other
         *  stores have no keys and ignore it.
         *
         *  @param value 0 to 100 of {@code A-Z a-z 0-9 . _ - : / @}
         *  @return this */
        public Builder keyPrefix(String value) {
            if (!KEY_PREFIX.matcher(Objects.requireNonNull(value, "key prefix")).matches()) {
                throw new IllegalArgumentException(
                        "key prefix: expected 0..100 of A-Z a-z 0-9 . _ - : / @, got \"" + value + "\"");
            }
            keyPrefix = value;
            return this;
        }

        /** Sets how long {@link CounterStore#open} keeps trying while the server is unavailable: not up yet, its name
         *  not known yet, or loading its data. Errors that waiting can't fix, such as a wrong password, still end it at
         *  once. Use it if the application may start before its Redis; if the application serves other things
         *  meanwhile, open the store on a separate thread. Other stores have no server and ignore it.
         *
         *  @param value zero, the default, to 10 min
         *  @return this */
        public Builder openTimeout(Duration value) {
            openTimeout = between("open timeout", value, Duration.ZERO, Duration.ofMinutes(10));
            return this;
        }

        /** Sets the credentials; they take precedence over any in the URI.
         *
         *  @param value user and password
         *  @return this */
        public Builder credentials(Credentials value) {
            credentials = Objects.requireNonNull(value, "credentials");
            return this;
        }

        /** Sets the certificates that a TLS server is checked against, instead of the JVM's.
         *
         *  @param value a PEM file with one or more, as a certificate authority publishes it
         *  @return this */
        public Builder certificates(Path value) {
            certificates = Objects.requireNonNull(value, "certificates");
            return this;
        }

        /** Sets where the dependents of returned stages run.
         *
         *  @param value the executor. If it rejects a task or throws anything, the task runs on the thread that
         *         received the reply. If it silently drops tasks, their stages stay open until the store is closed
         *  @return this */
        public Builder executor(Executor value) {
            executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /** Lets the store do its network work, if it has any, on a thread of the application. This suits an application
         *  whose visits begin on one thread: a visit is written from that thread at once, and the thread waits up to 2
         *  ms for the reply, which saves a switch to another thread and back. If replies always take longer, it rarely
         *  waits. The thread must run until the store is closed; if it ends earlier, nothing more is counted. It must
         *  not open or close the store or block on a visit.
         *
         *  @param value the thread
         *  @return this */
        public Builder eventLoop(EventLoop value) {
            eventLoop = Objects.requireNonNull(value, "event loop");
            return this;
        }

        /** Sets the listener for batches, resends, failures and regressions.
         *
         *  @param value the listener
         *  @return this */
        public Builder listener(CounterListener value) {
            listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** {@return the options} */
        public CounterOptions build() {
            return new CounterOptions(new Builder(this));
        }

        private static Duration between(String what, Duration value, Duration min, Duration max) {
            if (Objects.requireNonNull(value, what).compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(what + ": expected " + min + ".." + max + ", got " + value);
            }
            return value;
        }
    }
}
