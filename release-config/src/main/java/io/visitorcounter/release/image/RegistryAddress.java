package io.visitorcounter.release.image;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as registries write them, which do not always follow RFC 3986. */
final class RegistryAddress {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z]+://");
    private static final int MAX_PORT = 65535;
    private static final Pattern FORBIDDEN =
            Pattern.compile("%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]");

    private RegistryAddress() {}

    /** {@return the address that a {@code Location} names; empty if it names none} */
    static Optional<URI> resolved(URI base, String location) {
        try {
            // A fragment is for browsers, and is never sent.
            String plain = location.strip().replaceFirst("(?s)#.*", "");
            // Java drops the last part of the path before a query-only reference; RFC 3986, 5.3, keeps it.
            String whole = plain.startsWith("?") ? base.getRawPath() + plain : plain;
            URI to = base.resolve(new URI(encoded(withScheme(whole))));
            return isAskable(to) ? Optional.of(to) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isAskable(URI uri) {
        return uri.getHost() != null
                && String.valueOf(uri.getScheme()).matches("(?i)https?")
                && uri.getPort() <= MAX_PORT;
    }

    private static String withScheme(String text) {
        Matcher scheme = SCHEME.matcher(text);
        return scheme.lookingAt() ? scheme.group().toLowerCase(Locale.ROOT) + text.substring(scheme.end()) : text;
    }

    /** Percent-encodes what an address may not contain; what is already encoded stays as it is. */
    private static String encoded(String text) {
        // The encoder is one for forms, where a blank is a plus.
        return FORBIDDEN
                .matcher(text)
                .replaceAll(found -> RegistryLogin.encode(found.group()).replace("+", "%20"));
    }

    /** {@return the address that its server means: behind a proxy, it may not know that it is reached over TLS, or at
     *  an unusual port} */
    static URI meant(URI from, URI to) {
        boolean isSameHost = from.getHost().equalsIgnoreCase(to.getHost());
        boolean lacksTls = "https".equals(from.getScheme()) && "http".equals(to.getScheme());
        boolean lacksPort = from.getScheme().equals(to.getScheme())
                && to.getPort() < 0
                && to.getRawPath().startsWith("/v2/");
        return isSameHost && (lacksTls || lacksPort)
                ? from.resolve(to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()))
                : to;
    }

    /** {@return whether both are the same server} */
    static boolean isSameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
                && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
                && port(one) == port(other);
    }

    /** {@return the port of an address, written or not} */
    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** {@return whether a host is this machine, where plain HTTP is safe}
     *
     *  @param host with or without a port */
    static boolean isLoopback(String host) {
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.matches("127(\\.\\d{1,3}){3}") || name.equals("[::1]");
    }
}
