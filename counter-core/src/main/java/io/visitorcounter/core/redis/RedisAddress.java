package io.visitorcounter.core.redis;

import io.lettuce.core.RedisURI;
import io.visitorcounter.core.Credentials;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The Redis servers that a URI names, and the credentials for them. {@code toString} shows no credentials.
 *
 *  @param kind one server, Sentinels or a Cluster
 *  @param tls whether connections are encrypted and certificates are checked
 *  @param hosts at least one; several for Sentinels and Clusters
 *  @param database 0 in a Cluster
 *  @param master the name of the master that the Sentinels watch; empty without Sentinels
 *  @param credentials for the data nodes, or null */
record RedisAddress(
        Kind kind,
        boolean tls,
        List<Host> hosts,
        int database,
        String master,
        @Nullable Credentials credentials) {

    enum Kind {
        STANDALONE("redis"),
        SENTINEL("redis-sentinel"),
        CLUSTER("redis-cluster");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }
    }

    record Host(String name, int port) {

        @Override
        public String toString() {
            return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
        }
    }

    /** {@return the address that the URI names}
     *
     *  @param given credentials that take precedence over those of the URI
     *  @throws IllegalArgumentException if it is malformed; the message does not show the URI, which may hold a password */
    static RedisAddress of(URI uri, Optional<Credentials> given) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.startsWith("rediss");
        Kind kind = scheme.endsWith("-sentinel")
                ? Kind.SENTINEL
                : scheme.endsWith("-cluster") ? Kind.CLUSTER : Kind.STANDALONE;
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw malformed(scheme, "a host", "none");
        }
        int at = authority.lastIndexOf('@');
        List<Host> hosts = hosts(authority.substring(at + 1), kind, scheme);
        if (kind == Kind.STANDALONE && hosts.size() > 1) {
            throw malformed(scheme, "one host", hosts.size() + "; redis-sentinel: and redis-cluster: take several");
        }
        if (uri.getRawQuery() != null) {
            throw malformed(scheme, "no query", "one");
        }
        String master = uri.getFragment() == null ? "" : uri.getFragment();
        if ((kind == Kind.SENTINEL) == master.isEmpty()) {
            throw malformed(
                    scheme,
                    kind == Kind.SENTINEL ? "the watched master's name after a #" : "no #name",
                    master.isEmpty() ? "none" : "one");
        }
        Credentials fromUri = at < 0 ? null : credentials(authority.substring(0, at), scheme);
        return new RedisAddress(kind, tls, hosts, database(uri, kind, scheme), master, given.orElse(fromUri));
    }

    private static List<Host> hosts(String list, Kind kind, String scheme) {
        int defaultPort = kind == Kind.SENTINEL ? 26379 : 6379;
        List<Host> hosts = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            int colon = text.lastIndexOf(':');
            boolean hasPort = colon > text.lastIndexOf(']');
            String name = hasPort ? text.substring(0, colon) : text;
            if (name.startsWith("[") && name.endsWith("]")) {
                name = name.substring(1, name.length() - 1);
            }
            if (name.isBlank()) {
                throw malformed(scheme, "a host", "none");
            }
            hosts.add(new Host(name, hasPort ? port(text.substring(colon + 1), scheme) : defaultPort));
        }
        return List.copyOf(hosts);
    }

    private static int port(String text, String scheme) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw malformed(scheme, "a port of 1..65535", "\"" + text + "\"");
    }

    private static int database(URI uri, Kind kind, String scheme) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String text = path.startsWith("/") ? path.substring(1) : path;
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,6}") || (kind == Kind.CLUSTER && Integer.parseInt(text) != 0)) {
            throw malformed(
                    scheme, kind == Kind.CLUSTER ? "no database but 0" : "a database number", "\"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private static Credentials credentials(String userInfo, String scheme) {
        int colon = userInfo.indexOf(':');
        // As in redis-cli, a single word is the password.
        String user = colon < 0 ? "" : decoded(userInfo.substring(0, colon));
        String password = decoded(userInfo.substring(colon + 1));
        if (password.isEmpty()) {
            throw malformed(scheme, "user:password@ or :password@", "no password");
        }
        return new Credentials(user, password);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException malformed(String scheme, String expected, String got) {
        return new IllegalArgumentException("store: " + scheme + ": expected " + expected + ", got " + got);
    }

    /** {@return the address for Lettuce: one URI for a server or its Sentinels, one for each host of a Cluster} */
    List<RedisURI> lettuce(Duration timeout) {
        if (kind == Kind.SENTINEL) {
            RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(master);
            hosts.forEach(host -> builder.withSentinel(host.name(), host.port()));
            return List.of(finished(builder, timeout));
        }
        return hosts.stream()
                .map(host -> finished(RedisURI.builder().withHost(host.name()).withPort(host.port()), timeout))
                .toList();
    }

    private RedisURI finished(RedisURI.Builder builder, Duration timeout) {
        builder.withSsl(tls).withVerifyPeer(true).withDatabase(database).withTimeout(timeout);
        builder.withClientName("visitor-counter");
        if (credentials != null && credentials.user().isEmpty()) {
            builder.withPassword(credentials.password().toCharArray());
        } else if (credentials != null) {
            builder.withAuthentication(
                    credentials.user(), credentials.password().toCharArray());
        }
        RedisURI uri = builder.build();
        uri.getSentinels().forEach(sentinel -> {
            sentinel.setSsl(tls);
            sentinel.setTimeout(timeout);
        });
        return uri;
    }

    @Override
    public String toString() {
        return (tls ? kind.scheme.replace("redis", "rediss") : kind.scheme)
                + "://"
                + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
                + (database == 0 ? "" : "/" + database)
                + (master.isEmpty() ? "" : "#" + master);
    }
}
