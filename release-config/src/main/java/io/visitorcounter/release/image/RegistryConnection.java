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

/** The connection to one registry: over TLS, or without it if that is safe or requested; with the login that the
 *  registry requires. Follows redirects, and no other server gets the login. Thread-safe. */
final class RegistryConnection {

    private static final String CHALLENGE = "WWW-Authenticate";
    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    // These redirects repeat the method and its body; the others become a GET.
    private static final Set<Integer> SAME_METHOD = Set.of(307, 308);

    private final String host;
    private final String server;
    private final boolean insecure;
    private final RegistryHttp http;
    private final RegistryLogin login;
    private Optional<URI> root = Optional.empty();

    /** Takes the registry.
     *
     *  @param insecure whether plain HTTP is allowed beyond this machine */
    RegistryConnection(ImageReference any, boolean insecure, RegistryCredentials credentials, RegistryHttp http) {
        this.host = any.host();
        this.server = any.server();
        this.insecure = insecure;
        this.http = http;
        this.login = new RegistryLogin(any, credentials, http);
    }

    /** {@return the response, whatever its status; after a login if the registry requires one}
     *
     *  @param request with an address relative to the registry, or whole
     *  @param scope what we want to do, in the syntax of token servers */
    RegistryResponse send(RegistryHttp.Request request, String scope) {
        RegistryHttp.Request whole = request.to(root().resolve(request.uri()));
        Optional<String> known = login.known(scope);
        RegistryResponse response = follow(whole, known);
        if (known.filter(answer -> answer.startsWith("Bearer ")).isPresent() && refusesToken(response)) {
            response.close();
            login.forget(scope);
            response = follow(whole, Optional.empty());
        }
        if (!asksForLogin(response, known.isEmpty())) {
            return response;
        }
        List<String> challenges = challenges(response);
        if (challenges.isEmpty() && request.method().equals("HEAD")) {
            // The caller has another way, as for any broken HEAD.
            return response;
        }
        String answer = login.answer(challenges, scope, root(), response.reason());
        RegistryResponse answered = follow(whole, Optional.of(answer));
        if (isEarly(answered)) {
            login.forget(scope);
            throw new Transient(login.refused(answered.reason()), Optional.empty());
        }
        return answered;
    }

    private boolean asksForLogin(RegistryResponse response, boolean isStranger) {
        boolean isRefused = response.status() == 401
                || (response.status() == 403
                        && isStranger
                        && !response.headers(CHALLENGE).isEmpty());
        return isRefused && isRegistry(response.request().uri());
    }

    /** The challenges for a login: some registries send them only at their root, where Docker asks first. */
    private List<String> challenges(RegistryResponse response) {
        List<String> challenges = response.headers(CHALLENGE);
        if (!challenges.isEmpty()) {
            return challenges;
        }
        try (RegistryResponse atRoot = once(new RegistryHttp.Request("GET", root().resolve("/v2/")))) {
            return atRoot.headers(CHALLENGE);
        }
    }

    /** Whether a new token is not valid yet, because the registry's clock is behind its token server's. */
    private static boolean isEarly(RegistryResponse response) {
        return response.status() == 401
                && Challenges.of(response.headers(CHALLENGE)).stream()
                        .anyMatch(each -> each.parameter("error").equals(Optional.of("invalid_token")));
    }

    /** Whether a token that was valid may have expired, or lacks a scope: some registries answer 400 or 403. */
    private boolean refusesToken(RegistryResponse response) {
        return Set.of(400, 403).contains(response.status())
                && isRegistry(response.request().uri());
    }

    private RegistryResponse follow(RegistryHttp.Request first, Optional<String> authorization) {
        RegistryHttp.Request request = first;
        for (int i = 0; ; i++) {
            RegistryResponse response = once(authorized(request, authorization));
            if (!isFollowed(response) || i == MAX_REDIRECTS) {
                return response;
            }
            Optional<URI> to = response.header("Location").flatMap(location -> target(response, location));
            response.close();
            request = request.to(to.orElseThrow(
                    () -> new ReleaseException.Unreachable(host + ": redirects without an address (Location)")));
        }
    }

    private static boolean isFollowed(RegistryResponse response) {
        boolean isRead = Set.of("GET", "HEAD").contains(response.request().method());
        return (isRead ? REDIRECTS : SAME_METHOD).contains(response.status());
    }

    /** {@return the target of a redirect; empty if that is not an address}
     *
     *  @throws ReleaseException.Unreachable if it leads away from TLS */
    Optional<URI> target(RegistryResponse response, String location) {
        URI from = response.request().uri();
        return RegistryAddress.resolved(from, location).map(to -> {
            URI meant = RegistryAddress.meant(from, to);
            if (!from.getScheme().equals("https") || "https".equals(meant.getScheme())) {
                return meant;
            }
            throw new ReleaseException.Unreachable(host + ": leads from https to " + to.getScheme());
        });
    }

    // If a registry redirects to another server, the address itself is the permission.
    private RegistryHttp.Request authorized(RegistryHttp.Request request, Optional<String> authorization) {
        if (authorization.isEmpty() || !isRegistry(request.uri())) {
            return request;
        }
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("Authorization", authorization.get());
        return request.with(headers);
    }

    /** {@return whether an address belongs to the registry itself} */
    boolean isRegistry(URI uri) {
        return RegistryAddress.isSameOrigin(root(), uri);
    }

    private RegistryResponse once(RegistryHttp.Request request) {
        try {
            return http.send(request);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The address of the registry. On this machine, or if plain HTTP was requested, both schemes are tried once. */
    private synchronized URI root() {
        if (root.isEmpty()) {
            root = Optional.of(found());
        }
        return root.get();
    }

    private URI found() {
        URI encrypted = address("https");
        if (RegistryAddress.isLoopback(host)) {
            // A server that requires TLS answers with an error, or not at all.
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
        try (RegistryResponse response = http.send(new RegistryHttp.Request("GET", address.resolve("/v2/")))) {
            return response.status() != 400;
        } catch (SSLHandshakeException e) {
            // It uses TLS, with an untrusted certificate: that is reported when it matters.
            return e.getCause() instanceof CertificateException;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return the fault for an insufficient login}
     *
     *  @param reason the registry's own; empty if it has none */
    ReleaseException refused(String reason) {
        return login.refused(reason);
    }

    /** {@return the failure for a missing response} */
    RuntimeException broken(IOException e) {
        return RegistryHttp.broken(host, root().getScheme(), e);
    }
}
