package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection could not be made, with the next step.
 *
 *  @param text one line, without a secret
 *  @param passes whether trying again at once may help */
record ConnectFailure(String text, boolean passes) {

    /** {@return what a failed connect means} */
    static ConnectFailure of(Throwable thrown, RedisAddress address) {
        List<Throwable> causes = causes(thrown);
        Optional<ConnectFailure> known = find(causes, RedisCommandExecutionException.class)
                .map(ConnectFailure::ofError)
                .or(() -> ofCertificate(causes))
                .or(() -> ofArrangement(causes, address))
                .or(() -> ofNetwork(causes, address));
        return known.orElseGet(() -> new ConnectFailure(
                ServerErrors.oneLine(causes.get(causes.size() - 1)) + "; start a Redis there or change the address",
                false));
    }

    /** {@return whether nothing listens there, perhaps because the server is not up yet} */
    static boolean isAway(Throwable thrown) {
        List<Throwable> causes = causes(thrown);
        return find(causes, ConnectException.class).isPresent()
                || find(causes, UnknownHostException.class).isPresent()
                || find(causes, NoRouteToHostException.class).isPresent();
    }

    /** {@return what a server's error about a user or password means} */
    static String refused(String error) {
        return error.contains("NOAUTH")
                ? "the server asks for a password, and none was given; set it (counter-web: REDIS_PASSWORD)"
                : "user or password refused; set the server's (counter-web: REDIS_PASSWORD)";
    }

    private static ConnectFailure ofError(RedisCommandExecutionException error) {
        String text = String.valueOf(error.getMessage());
        if (text.contains("without any password configured")) {
            return new ConnectFailure(
                    "a password was given, and the server has none; remove it, or set one on the server", false);
        }
        if (text.contains("max number of clients")) {
            return new ConnectFailure("the server has as many clients as it takes; raise its maxclients", true);
        }
        if (text.contains("DENIED")) {
            return new ConnectFailure(
                    "the server is in protected mode; set a password on it, or bind it to the loopback", false);
        }
        if (text.contains("cluster support disabled")) {
            return new ConnectFailure("the server is not part of a Cluster; use redis: or rediss:", false);
        }
        if (text.contains("DB index is out of range")) {
            return new ConnectFailure(
                    "the server has no database of this number; choose another (counter-web: redis.database)", false);
        }
        return new ConnectFailure(ServerErrors.permanent(error), ServerErrors.passes(error));
    }

    private static Optional<ConnectFailure> ofCertificate(List<Throwable> causes) {
        String text = texts(causes);
        if (find(causes, CertificateExpiredException.class).isPresent()) {
            return lasting("its certificate has expired (" + last(causes) + "); renew it on the server");
        }
        if (find(causes, CertificateNotYetValidException.class).isPresent()) {
            return lasting("its certificate is not valid yet (" + last(causes) + "); check both clocks");
        }
        if (find(causes, CertPathBuilderException.class).isPresent()
                || text.contains("valid certification path")
                || text.contains("signature check failed")) {
            return lasting("its certificate is signed by an authority that is not trusted; give that authority's"
                    + " certificate (counter-web: redis.ca-file)");
        }
        if (text.contains("subject alternative") || text.contains("no name matching")) {
            return lasting("its certificate is for another host (" + last(causes)
                    + "); connect by a name in it, or have one made for this name");
        }
        if (text.contains("not an ssl/tls record") || text.contains("unsupported or unrecognized ssl message")) {
            return lasting("the port does not speak TLS; use redis: in place of rediss:, or the server's tls-port");
        }
        return find(causes, SSLException.class)
                .flatMap(e -> lasting("no TLS connection: " + ServerErrors.oneLine(e)
                        + "; check that the port speaks TLS and which versions it takes"));
    }

    /** Sentinels and Clusters are asked where the data is, which can fail in additional ways. */
    private static Optional<ConnectFailure> ofArrangement(List<Throwable> causes, RedisAddress address) {
        String text = texts(causes);
        boolean refused = find(causes, ConnectException.class).isPresent();
        if (address.kind() == RedisAddress.Kind.SENTINEL) {
            if (text.contains("cannot provide redisaddress")) {
                return refused
                        ? lasting("no Sentinel there; start them or change the addresses")
                        : lasting("the Sentinels watch no primary of this name; give the one that they watch"
                                + " (counter-web: redis.sentinel)");
            } else if (text.contains("unknown command")) {
                return lasting("what listens there is no Sentinel; use redis: for a server of its own (counter-web:"
                        + " redis.sentinel = \"\")");
            } else if (refused) {
                return lasting("the Sentinels, or the primary that they name, can't be reached (" + last(causes)
                        + "); start what is down, or have the primary announce an address that is reached from here");
            }
        } else if (address.kind() == RedisAddress.Kind.CLUSTER) {
            if (text.contains("no node of the cluster has the slot") || text.contains("clusterdown")) {
                return lasting("the Cluster does not serve all slots; mend it (redis-cli --cluster fix)");
            } else if (text.contains("cluster partitions") && !refused) {
                return lasting("no node of a Cluster there; use redis: for a server of its own (counter-web:"
                        + " redis.cluster = false)");
            }
        }
        return Optional.empty();
    }

    private static Optional<ConnectFailure> ofNetwork(List<Throwable> causes, RedisAddress address) {
        String text = texts(causes);
        if (find(causes, UnknownHostException.class).isPresent()) {
            return lasting("the host's name is not known; change the address, or check the name service");
        }
        if (text.contains("timed out")
                || find(causes, RedisCommandTimeoutException.class).isPresent()
                || find(causes, TimeoutException.class).isPresent()) {
            return Optional.of(new ConnectFailure(
                    "no answer in time; check that a "
                            + (address.kind() == RedisAddress.Kind.SENTINEL ? "Sentinel" : "Redis")
                            + " listens there"
                            + (address.tls() ? " with TLS (rediss:)" : "")
                            + ", and no firewall is between",
                    true));
        }
        if (find(causes, NoRouteToHostException.class).isPresent()) {
            return lasting("no route to the host; change the address, or check the network");
        }
        if (find(causes, ConnectException.class).isPresent()) {
            return lasting("connection refused; start a Redis there or change the address");
        }
        if (text.contains("first byte")) {
            return lasting("what listens there is not a Redis; change the address");
        }
        if (find(causes, IOException.class).isPresent()
                || text.contains("closed")
                || text.contains("disconnected")
                // Lettuce's error if the connection is cut while its handlers are set up.
                || text.contains("handshakehandler not registered")
                || text.contains("not connected")) {
            return Optional.of(new ConnectFailure(
                    "the connection was cut (" + last(causes) + "); check "
                            + (address.tls()
                                    ? "that the port speaks TLS, and what is between"
                                    : "whether the port speaks TLS (then use rediss:), and what is between"),
                    true));
        }
        return Optional.empty();
    }

    private static Optional<ConnectFailure> lasting(String text) {
        return Optional.of(new ConnectFailure(text, false));
    }

    private static String last(List<Throwable> causes) {
        return ServerErrors.oneLine(causes.get(causes.size() - 1));
    }

    private static String texts(List<Throwable> causes) {
        StringBuilder all = new StringBuilder();
        causes.forEach(cause -> all.append(cause.getMessage()).append('\n'));
        return all.toString().toLowerCase(Locale.ROOT);
    }

    private static <T extends Throwable> Optional<T> find(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (@Nullable Throwable at = thrown; at != null && causes.size() < 20; at = at.getCause()) {
            causes.add(at);
        }
        return causes;
    }
}
