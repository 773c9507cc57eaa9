package io.visitorcounter.web.config;

import com.typesafe.config.Config;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a store is.
 *
 *  @param uri as counter-core opens it; without credentials
 *  @param kind {@code redis}, {@code sqlite} or {@code memory} */
public record StoreAddress(URI uri, String kind) {

    static StoreAddress of(Config config) {
        String kind = config.getString("store");
        if (kind.equals("auto")) {
            kind = config.getString("redis.host").isEmpty() ? "sqlite" : "redis";
        }
        return new StoreAddress(
                switch (kind) {
                    case "redis" -> redis(config.getConfig("redis"));
                    case "sqlite" -> uri("sqlite:", config.getString("sqlite.path"), null);
                    default -> URI.create("memory:/");
                },
                kind);
    }

    private static URI redis(Config redis) {
        String master = redis.getString("sentinel");
        String scheme = (redis.getBoolean("tls") ? "rediss" : "redis")
                + (!master.isEmpty() ? "-sentinel" : redis.getBoolean("cluster") ? "-cluster" : "");
        String hosts = Arrays.stream(redis.getString("host").split(",", -1))
                .map(host -> withPort(host, redis.getInt("port")))
                .collect(Collectors.joining(","));
        return uri(scheme + "://", hosts, master.isEmpty() ? null : master);
    }

    private static String withPort(String host, int port) {
        if (host.startsWith("[")) {
            return host.endsWith("]") ? host + ":" + port : host;
        }
        long colons = host.chars().filter(c -> c == ':').count();
        return colons == 0 ? host + ":" + port : colons == 1 ? host : "[" + host + "]:" + port;
    }

    private static URI uri(String scheme, String rest, @Nullable String fragment) {
        int colon = scheme.indexOf(':');
        try {
            return new URI(scheme.substring(0, colon), scheme.substring(colon + 1) + rest, fragment);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("expected an address, got " + rest, e);
        }
    }
}
