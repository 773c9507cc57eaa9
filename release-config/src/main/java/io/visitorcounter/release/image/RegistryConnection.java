package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLHandshakeException;

/** The way to one registry: over TLS, or without it where that is safe or asked for; with the login that the registry
 *  wants; and after its redirects, where no other server gets the login. Thread-safe. */
final class RegistryConnection {

    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    // These repeat the method and its body; the others make a GET of it.
    private static final Set<Integer> SAME_METHOD = Set.of(307, 308);

    private final String host;
    private final String server;
    private final boolean insecure;
    private final RegistryHttp http;
    private final RegistryLogin login;
    private Optional<URI> root = Optional.empty();

    /** Sets the registry.
     *
     *  @param any an image of it
     *  @param insecure whether plain HTTP is fine beyond this machine
     *  @param credentials who we are
     *  @param http what sends */
    RegistryConnection(ImageReference any, boolean insecure, RegistryCredentials credentials, RegistryHttp http) {
        this.host = any.host();
        this.server = any.server();
        this.insecure = insecure;
        this.http = http;
        this.login = new RegistryLogin(host, credentials, http);
    }

    /** {@return the response, whatever its status; the registry's question who we are is answered}
     *
     *  @param request with an address relative to the registry, or whole
     *  @param scope what we want to do, in the words of token servers */
    RegistryHttp.RegistryResponse send(RegistryHttp.Request request, String scope) {
        RegistryHttp.Request whole = request.to(root().resolve(request.uri()));
        RegistryHttp.RegistryResponse response = follow(whole, login.known(scope));
        if (response.status() != 401 || !isRegistry(response.request().uri())) {
            return response;
        }
        List<String> challenges = response.headers("WWW-Authenticate");
        String reason = response.reason();
        boolean isEncrypted = root().getScheme().equals("https");
        return follow(whole, Optional.of(login.answer(challenges, scope, isEncrypted, reason)));
    }

    private RegistryHttp.RegistryResponse follow(RegistryHttp.Request first, Optional<String> authorization) {
        RegistryHttp.Request request = first;
        for (int i = 0; ; i++) {
            RegistryHttp.RegistryResponse response = once(authorized(request, authorization));
            if (!isFollowed(response) || i == MAX_REDIRECTS) {
                return response;
            }
            Optional<URI> to = response.header("Location").flatMap(location -> target(response, location));
            response.close();
            request = request.to(to.orElseThrow(
                    () -> new ReleaseException.Unreachable(host + ": redirects without an address (Location)", null)));
        }
    }

    private static boolean isFollowed(RegistryHttp.RegistryResponse response) {
        boolean isRead = Set.of("GET", "HEAD").contains(response.request().method());
        return (isRead ? REDIRECTS : SAME_METHOD).contains(response.status());
    }

    /** {@return where a response leads to; empty if that is not an address}
     *
     *  @param response with the address
     *  @param location as it is written there
     *  @throws ReleaseException.Unreachable if it leads away from TLS */
    Optional<URI> target(RegistryHttp.RegistryResponse response, String location) {
        URI from = response.request().uri();
        return RegistryAddress.resolved(from, location).map(to -> {
            if (!from.getScheme().equals("https") || "https".equals(to.getScheme())) {
                return to;
            }
            // A registry behind a proxy that ends TLS may not know of it: what is meant is the same host.
            if ("http".equals(to.getScheme()) && from.getHost().equalsIgnoreCase(to.getHost())) {
                return from.resolve(to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery()));
            }
            throw new ReleaseException.Unreachable(host + ": leads from https to " + to.getScheme(), null);
        });
    }

    // Where a registry sends us to another server, the address itself is the permission.
    private RegistryHttp.Request authorized(RegistryHttp.Request request, Optional<String> authorization) {
        if (authorization.isEmpty() || !isRegistry(request.uri())) {
            return request;
        }
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("Authorization", authorization.get());
        return request.with(headers);
    }

    private boolean isRegistry(URI uri) {
        return RegistryAddress.isSameOrigin(root(), uri);
    }

    private RegistryHttp.RegistryResponse once(RegistryHttp.Request request) {
        try {
            return http.send(request);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Where the registry is. On this machine, or where plain HTTP was asked for, both schemes are tried once. */
    private synchronized URI root() {
        if (root.isEmpty()) {
            root = Optional.of(found());
        }
        return root.get();
    }

    private URI found() {
        URI encrypted = address("https");
        if (RegistryAddress.isLoopback(host)) {
            // A server that wants TLS tells by an error, or by no response at all.
            URI plain = address("http");
            return speaks(plain) || !speaks(encrypted) ? plain : encrypted;
        }
        return insecure && !speaks(encrypted) ? address("http") : encrypted;
    }

    private URI address(String scheme) {
        try {
            return URI.create(scheme + "://" + server);
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Usage(server + ": expected a registry's host, got another");
        }
    }

    private boolean speaks(URI address) {
        try (RegistryHttp.RegistryResponse response =
                http.send(new RegistryHttp.Request("GET", address.resolve("/v2/")))) {
            return response.status() != 400;
        } catch (SSLHandshakeException e) {
            // It speaks TLS, with a certificate that is not trusted: that is told when it matters.
            return e.getCause() instanceof CertificateException;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return the fault that our login is not enough}
     *
     *  @param reason the registry's own; empty if it has none */
    ReleaseException refused(String reason) {
        return login.refused(reason);
    }

    /** {@return the failure that there is no response}
     *
     *  @param e why */
    RuntimeException broken(IOException e) {
        return RegistryHttp.broken(host, root().getScheme(), e);
    }
}
