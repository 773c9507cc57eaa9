package io.visitorcounter.web.config;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.Credentials;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole config, checked: a value for each of the {@link ConfigKeys}, of the key's own type.
 *
 *  @param values by the path of their key */
public record AppConfig(Map<String, Object> values) {

    // Shorter than the usual idle timeouts of proxies.
    private static final Duration MAX_HEARTBEAT = Duration.ofSeconds(15);

    public AppConfig {
        values = Map.copyOf(values);
    }

    /** Reads and checks the config: from the file that {@code CONFIG_FILE} names, or else from the defaults and the
     *  variables.
     *
     *  @throws InvalidConfigException with all errors, if there are any */
    public static AppConfig read(Map<String, String> environment) throws InvalidConfigException {
        return new ConfigReader(ConfigKeys.table(), new Variables(environment)).read();
    }

    /** {@return the key's value} */
    @SuppressWarnings("unchecked") // the key's type made the value
    public <T> T get(ConfigKey<T> key) {
        Object value = values.get(key.path());
        if (value == null) {
            throw new IllegalStateException(key + ": has no value");
        }
        return (T) value;
    }

    /** {@return the store's URI, without credentials} */
    public URI storeUri() {
        URI other = get(ConfigKeys.STORE_URI);
        if (!other.toString().isEmpty()) {
            return other;
        }
        StoreKind kind = get(ConfigKeys.STORE);
        if (kind == StoreKind.AUTO) {
            kind = get(ConfigKeys.REDIS_HOST).names().isEmpty() ? StoreKind.SQLITE : StoreKind.REDIS;
        }
        return switch (kind) {
            case REDIS -> redisUri();
            case SQLITE -> uri("sqlite", get(ConfigKeys.SQLITE_PATH), null);
            default -> URI.create("memory:/");
        };
    }

    private URI redisUri() {
        String master = get(ConfigKeys.REDIS_SENTINEL);
        boolean cluster = get(ConfigKeys.REDIS_CLUSTER);
        String scheme = (get(ConfigKeys.REDIS_TLS) ? "rediss" : "redis")
                + (!master.isEmpty() ? "-sentinel" : cluster ? "-cluster" : "");
        String hosts = get(ConfigKeys.REDIS_HOST).withPort(get(ConfigKeys.REDIS_PORT));
        int database = get(ConfigKeys.REDIS_DATABASE);
        return uri(scheme, "//" + hosts + (database == 0 ? "" : "/" + database), master.isEmpty() ? null : master);
    }

    private static URI uri(String scheme, String rest, @Nullable String fragment) {
        try {
            return new URI(scheme, rest, fragment);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the contract took an address that is not one", e);
        }
    }

    /** {@return whether visits are counted in Redis, to which several stores can connect} */
    public boolean countsInRedis() {
        return String.valueOf(storeUri().getScheme()).startsWith("redis");
    }

    /** {@return the options for opening the store, without a listener} */
    public CounterOptions.Builder storeOptions() {
        CounterOptions.Builder options = CounterOptions.builder()
                .durability(get(ConfigKeys.DURABILITY))
                .deadline(get(ConfigKeys.DEADLINE))
                .queue(get(ConfigKeys.QUEUE))
                .keyPrefix(get(ConfigKeys.REDIS_KEY_PREFIX));
        String password = get(ConfigKeys.REDIS_PASSWORD).text();
        if (!password.isEmpty()) {
            options.credentials(new Credentials(get(ConfigKeys.REDIS_USER), password));
        }
        String certificates = get(ConfigKeys.REDIS_CA_FILE);
        if (!certificates.isEmpty()) {
            options.certificates(Path.of(certificates));
        }
        return options;
    }

    /** {@return the token for administration; empty to allow nobody} */
    public String adminToken() {
        return get(ConfigKeys.ADMIN_TOKEN).text();
    }

    /** {@return how often a stream sends a heartbeat, so that neither a proxy nor this server treats it as idle} */
    public Duration heartbeat() {
        Duration half = get(ConfigKeys.HTTP_IDLE_TIMEOUT).dividedBy(2);
        Duration wanted = half.compareTo(MAX_HEARTBEAT) < 0 ? half : MAX_HEARTBEAT;
        Duration interval = get(ConfigKeys.LIVE_INTERVAL);
        return interval.compareTo(wanted) > 0 ? interval : wanted;
    }

    /** {@return how long a client may stop reading once its responses fill the connection. Longer than any pause
     *  between two responses, since Undertow counts such a pause as a stall of the second} */
    public Duration stallTimeout() {
        return get(ConfigKeys.HTTP_IDLE_TIMEOUT)
                .plus(get(ConfigKeys.HTTP_READ_TIMEOUT))
                .plus(get(ConfigKeys.DEADLINE))
                .plus(heartbeat().multipliedBy(2));
    }
}
