package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.Credentials;
import io.visitorcounter.core.Durability;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The whole config, checked.
 *
 *  @param greeting the text before {@code Visitor Count: }
 *  @param counter what {@code GET /} counts
 *  @param store where visits are counted
 *  @param http how to listen and to stop
 *  @param log what to say on stdout */
public record AppConfig(String greeting, CounterName counter, Store store, Http http, Log log) {

    /** Where visits are counted.
     *
     *  @param address the store's URI, and the same for people
     *  @param durability what must hold before a visit is answered
     *  @param deadline how long a visit may take until it fails
     *  @param queue how many visits of one counter may wait
     *  @param credentials of the Redis user, where there is a password */
    public record Store(
            StoreAddress address,
            Durability durability,
            Duration deadline,
            int queue,
            Optional<Credentials> credentials) {

        /** {@return the options to open the store with, still without a listener} */
        public CounterOptions.Builder options() {
            CounterOptions.Builder options = CounterOptions.builder()
                    .durability(durability)
                    .deadline(deadline)
                    .queue(queue);
            credentials.ifPresent(options::credentials);
            return options;
        }
    }

    /** How to listen and to stop.
     *
     *  @param host the address to listen at
     *  @param port 0 is any free one
     *  @param drainDelay how long to go on serving after SIGTERM while not ready */
    public record Http(String host, int port, Duration drainDelay) {}

    /** What to say on stdout.
     *
     *  @param level {@code error}, {@code warn}, {@code info} or {@code debug}
     *  @param format {@code text} or {@code json} */
    public record Log(String level, String format) {}

    /** Reads and checks the config: the file that {@code CONFIG_FILE} names, else {@code reference.conf}.
     *
     *  @param environment the process' variables
     *  @return the config
     *  @throws InvalidConfigException with every fault, if there is one */
    public static AppConfig read(Map<String, String> environment) throws InvalidConfigException {
        return of(ConfigSource.read(environment, Contract.ofThisBuild()));
    }

    /** {@return the typed form of a config that the contract found right} */
    private static AppConfig of(Config config) {
        return new AppConfig(
                config.getString("greeting"),
                CounterName.of(config.getString("counter")),
                new Store(
                        StoreAddress.of(config),
                        Durability.of(config.getString("durability")),
                        config.getDuration("deadline"),
                        config.getInt("queue"),
                        credentials(config.getString("redis.user"), config.getString("redis.password"))),
                new Http(
                        config.getString("http.host"),
                        config.getInt("http.port"),
                        config.getDuration("http.drain-delay")),
                new Log(config.getString("log.level"), config.getString("log.format")));
    }

    private static Optional<Credentials> credentials(String user, String password) {
        return password.isEmpty() ? Optional.empty() : Optional.of(new Credentials(user, password));
    }
}
