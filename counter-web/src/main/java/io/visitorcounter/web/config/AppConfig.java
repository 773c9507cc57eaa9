package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.Credentials;
import io.visitorcounter.core.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The whole config, checked.
 *
 *  @param greeting the text before {@code Visitor Count: }
 *  @param counter what {@code GET /} counts
 *  @param store where visits are counted
 *  @param ignoreBots {@code none}, {@code page} or {@code all}
 *  @param otherCounters the counters that clients may name beside that one, separated by commas, or {@code *}
 *  @param visitOthers whether clients may visit them
 *  @param newCounters how many counters may get their first visit in a minute
 *  @param visitIds how many visits with an id may be taken in a minute
 *  @param live how counters are watched
 *  @param metricsAllowed the address ranges, separated by commas, that may read the metrics
 *  @param http how to listen, to whom, and how to stop
 *  @param log what to say on stdout */
public record AppConfig(
        String greeting,
        CounterName counter,
        Store store,
        String ignoreBots,
        String otherCounters,
        boolean visitOthers,
        int newCounters,
        int visitIds,
        Live live,
        String metricsAllowed,
        Http http,
        Log log) {

    // Shorter than the idle timeouts that are usual for proxies.
    private static final Duration MAX_HEARTBEAT = Duration.ofSeconds(15);

    /** Where visits are counted.
     *
     *  @param address the store's URI, and the same for people
     *  @param durability what must hold before a visit is answered
     *  @param deadline how long a visit may take until it fails
     *  @param queue how many visits of one counter may wait
     *  @param credentials of the Redis user, where there is a password
     *  @param certificates that Redis is trusted by, where not those of the JVM */
    public record Store(
            StoreAddress address,
            Durability durability,
            Duration deadline,
            int queue,
            Optional<Credentials> credentials,
            Optional<Path> certificates) {

        /** {@return the options to open the store with, still without a listener} */
        public CounterOptions.Builder options() {
            CounterOptions.Builder options = CounterOptions.builder()
                    .durability(durability)
                    .deadline(deadline)
                    .queue(queue);
            credentials.ifPresent(options::credentials);
            certificates.ifPresent(options::certificates);
            return options;
        }
    }

    /** How counters are watched.
     *
     *  @param interval how often a watched counter is looked at
     *  @param heartbeat how often a stream says that it is there; the interval, where that is longer
     *  @param streams how many clients may watch at once
     *  @param streamsPerAddress how many of them of one address; 0 is any number */
    public record Live(Duration interval, Duration heartbeat, int streams, int streamsPerAddress) {}

    /** How to listen, to whom, and how to stop.
     *
     *  @param host the address to listen at
     *  @param port 0 is any free one
     *  @param drainDelay how long to go on serving after SIGTERM while not ready
     *  @param limits what a client may do
     *  @param trustedProxies address ranges separated by commas
     *  @param corsOrigins origins separated by commas, or {@code *} */
    public record Http(
            String host, int port, Duration drainDelay, Limits limits, String trustedProxies, String corsOrigins) {}

    /** What a client may do.
     *
     *  @param connections how many may be open
     *  @param addressShare how many percent of them one client address may hold
     *  @param headerBytes how long a request's line and headers may be together
     *  @param readTimeout how long a client may take to send them
     *  @param idleTimeout how long a connection may do nothing
     *  @param stallTimeout how long a client may take to read on, once its answers fill the connection
     *  @param requestsPerSecond of one client address; 0 is any number */
    public record Limits(
            int connections,
            int addressShare,
            int headerBytes,
            Duration readTimeout,
            Duration idleTimeout,
            Duration stallTimeout,
            int requestsPerSecond) {

        // Undertow takes a pause between two answers for a stall of the second, so that the limit is above any pause.
        static Duration stallTimeout(Duration idle, Duration read, Duration response, Duration heartbeat) {
            return idle.plus(read).plus(response).plus(heartbeat.multipliedBy(2));
        }
    }

    /** What to say on stdout.
     *
     *  @param level {@code error}, {@code warn}, {@code info} or {@code debug}
     *  @param format {@code text} or {@code json}
     *  @param access whether each request is logged */
    public record Log(String level, String format, boolean access) {}

    /** Reads and checks the config: the file that {@code CONFIG_FILE} names, else {@code reference.conf}.
     *
     *  @param environment the process' variables
     *  @return the config
     *  @throws InvalidConfigException with every fault, if there is one */
    public static AppConfig read(Map<String, String> environment) throws InvalidConfigException {
        return of(ConfigFiles.read(environment, Contract.ofThisBuild()));
    }

    /** {@return the typed form of a config that the contract found right} */
    private static AppConfig of(Config config) {
        Live live = live(config.getConfig("live"), config.getDuration("http.idle-timeout"));
        return new AppConfig(
                config.getString("greeting"),
                CounterName.of(config.getString("counter")),
                new Store(
                        StoreAddress.of(config),
                        Durability.of(config.getString("durability")),
                        config.getDuration("deadline"),
                        config.getInt("queue"),
                        credentials(config.getString("redis.user"), config.getString("redis.password")),
                        certificates(config)),
                config.getString("ignore-bots"),
                config.getString("other-counters"),
                config.getBoolean("visit-others"),
                config.getInt("new-counters"),
                config.getInt("visit-ids"),
                live,
                config.getString("metrics.allow"),
                http(config.getConfig("http"), config.getDuration("deadline"), live.heartbeat()),
                new Log(
                        config.getString("log.level"),
                        config.getString("log.format"),
                        config.getBoolean("log.access")));
    }

    private static Live live(Config live, Duration idle) {
        Duration interval = live.getDuration("interval");
        Duration heartbeat = longer(interval, shorter(MAX_HEARTBEAT, idle.dividedBy(2)));
        return new Live(interval, heartbeat, live.getInt("streams"), live.getInt("streams-per-address"));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Http http(Config http, Duration deadline, Duration heartbeat) {
        Duration read = http.getDuration("read-timeout");
        Duration idle = http.getDuration("idle-timeout");
        return new Http(
                http.getString("host"),
                http.getInt("port"),
                http.getDuration("drain-delay"),
                new Limits(
                        http.getInt("max-connections"),
                        http.getInt("address-share"),
                        http.getInt("max-header-bytes"),
                        read,
                        idle,
                        Limits.stallTimeout(idle, read, deadline, heartbeat),
                        http.getInt("rate-limit")),
                http.getString("trusted-proxies"),
                http.getString("cors-origins"));
    }

    private static Optional<Path> certificates(Config config) {
        String file = config.getString("redis.ca-file");
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    private static Optional<Credentials> credentials(String user, String password) {
        return password.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password));
    }
}
