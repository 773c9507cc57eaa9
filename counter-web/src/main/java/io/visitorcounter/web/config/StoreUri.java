package io.visitorcounter.web.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The URI with which counter-core opens the store. */
final class StoreUri {

    private StoreUri() {}

    static URI of(AppConfig config) {
        URI other = config.get(ConfigKeys.STORE_URI);
        if (!other.toString().isEmpty()) {
            return other;
        }
        StoreKind kind = config.get(ConfigKeys.STORE);
        if (kind == StoreKind.AUTO) {
            kind = config.get(ConfigKeys.REDIS_HOST).names().isEmpty() ? StoreKind.SQLITE : StoreKind.REDIS;
        }
        return switch (kind) {
            case REDIS -> redis(config);
            case SQLITE -> uri("sqlite", config.get(ConfigKeys.SQLITE_PATH), null);
            default -> URI.create("memory:/");
        };
    }

    private static URI redis(AppConfig config) {
        String master = config.get(ConfigKeys.REDIS_SENTINEL);
        boolean cluster = config.get(ConfigKeys.REDIS_CLUSTER);
        String scheme = (config.get(ConfigKeys.REDIS_TLS) ? "rediss" : "redis")
                + (!master.isEmpty() ? "-sentinel" : cluster ? "-cluster" : "");
        String hosts = config.get(ConfigKeys.REDIS_HOST).withPort(config.get(ConfigKeys.REDIS_PORT));
        int database = config.get(ConfigKeys.REDIS_DATABASE);
        return uri(scheme, "//" + hosts + (database == 0 ? "" : "/" + database), master.isEmpty() ? null : master);
    }

    private static URI uri(String scheme, String rest, @Nullable String fragment) {
        try {
            return new URI(scheme, rest, fragment);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the contract took an address that is not one", e);
        }
    }
}
