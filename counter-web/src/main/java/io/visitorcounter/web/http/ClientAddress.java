package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.visitorcounter.web.values.AddressRange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Determines the client's address behind trusted proxies.
 *
 *  @param proxies whose {@code X-Forwarded-For} is believed */
public record ClientAddress(List<AddressRange> proxies) {

    private static final int NETWORK_BYTES = 8;

    /** Headers that proxies, load balancers and CDNs add (each adds some of them); nobody else sends them. */
    private static final List<HttpString> SIGNS_OF_A_PROXY = List.of(
            Headers.X_FORWARDED_FOR,
            Headers.FORWARDED,
            Headers.VIA,
            new HttpString("X-Real-IP"),
            Headers.X_FORWARDED_PROTO,
            Headers.X_FORWARDED_HOST,
            Headers.X_FORWARDED_PORT,
            Headers.X_FORWARDED_SERVER,
            new HttpString("X-Forwarded"),
            new HttpString("X-Forwarded-By"),
            new HttpString("X-Forwarded-Scheme"),
            new HttpString("X-Forwarded-Prefix"),
            new HttpString("X-Forwarded-Client-Cert"),
            new HttpString("X-Original-Forwarded-For"),
            new HttpString("X-Client-IP"),
            new HttpString("X-Cluster-Client-IP"),
            new HttpString("X-Envoy-External-Address"),
            new HttpString("CF-Connecting-IP"),
            new HttpString("CF-Ray"),
            new HttpString("True-Client-IP"),
            new HttpString("Fastly-Client-IP"),
            new HttpString("CDN-Loop"),
            new HttpString("X-Azure-ClientIP"));

    private static final Pattern WITH_PORT = Pattern.compile("(?:([0-9.]+)|\\[([0-9A-Fa-f:.]+)])(?::[0-9]{1,5})?");

    /** {@return the nearest address that is not a trusted proxy; entries further left in the header can be forged} */
    public InetAddress of(HttpServerExchange exchange) {
        InetAddress nearest = exchange.getSourceAddress().getAddress();
        if (proxies.isEmpty() || !isTrustedProxy(nearest)) {
            return nearest;
        }
        List<String> chain = chain(exchange);
        for (int i = chain.size() - 1; i >= 0 && isTrustedProxy(nearest); i--) {
            InetAddress before = literal(chain.get(i));
            if (before == null) {
                return nearest;
            }
            nearest = before;
        }
        return nearest;
    }

    /** {@return the part of an address that a client can't easily change: the IPv4 address, or the network of the IPv6
     *  address} */
    public static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 16 bytes are an address
        }
    }

    /** {@return whether the request was forwarded and its client is unknown: the proxy is not trusted, or does not name the
     *  client in {@code X-Forwarded-For}} */
    boolean isHidden(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        return SIGNS_OF_A_PROXY.stream().anyMatch(headers::contains)
                && !(isTrustedProxy(exchange.getSourceAddress().getAddress()) && isTold(chain(exchange)));
    }

    private boolean isTold(List<String> chain) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            InetAddress before = literal(chain.get(i));
            if (before == null || !isTrustedProxy(before)) {
                return before != null;
            }
        }
        return !chain.isEmpty();
    }

    /** {@return whether the address is a proxy's, which speaks for many clients} */
    boolean isTrustedProxy(InetAddress address) {
        return AddressRange.anyHolds(proxies, address);
    }

    private static List<String> chain(HttpServerExchange exchange) {
        List<String> headers = exchange.getRequestHeaders().get(Headers.X_FORWARDED_FOR);
        return headers == null
                ? List.of()
                : Arrays.stream(String.join(",", headers).split(",", -1))
                        .map(String::strip)
                        .toList();
    }

    /** {@return the address, without the port that some proxies append} */
    private static @Nullable InetAddress literal(String text) {
        Matcher withPort = WITH_PORT.matcher(text);
        try {
            return AddressRange.literal(withPort.matches() ? withPort.replaceFirst("$1$2") : text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
