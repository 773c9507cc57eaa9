package io.visitorcounter.release.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Answers a registry's challenges: with a user and a password, or with a token from its token server. Later requests
 *  get the same answer unasked. Thread-safe. */
final class RegistryLogin {

    private static final int MAX_TOKEN_BYTES = 1 << 20;
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> NO_TOKEN_SERVER = Set.of(404, 405, 501);

    private final String host;
    private final String repository;
    private final RegistryCredentials credentials;
    private final RegistryHttp http;
    private final Map<String, String> authorizations = new ConcurrentHashMap<>();

    RegistryLogin(ImageReference any, RegistryCredentials credentials, RegistryHttp http) {
        this.host = any.host();
        this.repository = any.repository();
        this.credentials = credentials;
        this.http = http;
    }

    /** {@return the last answer; empty if there was none} */
    Optional<String> known(String scope) {
        return Optional.ofNullable(authorizations.get(scope));
    }

    /** Forgets the last answer. */
    void forget(String scope) {
        authorizations.remove(scope);
    }

    /** {@return the {@code Authorization} header's value}
     *
     *  @param fields the values of the registry's {@code WWW-Authenticate}
     *  @param root of the registry; if it uses TLS, so must the token server
     *  @param reason the registry's own reason for refusing; empty if there is none */
    String answer(List<String> fields, String scope, URI root, String reason) {
        List<Challenges.Challenge> challenges = Challenges.of(fields);
        Optional<RegistryCredentials.Login> login = credentials.of(host, repository);
        if (login.filter(RegistryCredentials.Login::isRegistryToken).isPresent()) {
            String token = "Bearer " + login.get().password();
            authorizations.put(scope, token);
            return token;
        }
        Optional<Challenges.Challenge> bearer = first(challenges, "bearer", each -> hasRealm(each, root))
                .or(() -> first(challenges, "bearer", each -> true));
        Optional<Challenges.Challenge> basic = first(challenges, "basic", each -> true);
        String answer;
        if (bearer.isPresent() && (basic.isEmpty() || hasRealm(bearer.get(), root))) {
            answer = token(bearer.get(), scope, root, login, basic.isPresent())
                    .map(token -> "Bearer " + token)
                    .or(() -> login.map(RegistryCredentials.Login::basic))
                    .orElseThrow(() -> unknown(reason));
        } else if (basic.isPresent()) {
            answer = login.map(RegistryCredentials.Login::basic).orElseThrow(() -> unknown(reason));
        } else {
            String how = RegistryReason.cleaned(String.join(", ", fields));
            throw new ReleaseException.Unreachable(host + ": asks for a login "
                    + (how.isEmpty()
                            ? "and does not say which (no WWW-Authenticate)"
                            : "in a way that is not known: " + how)
                    + said(reason));
        }
        authorizations.put(scope, answer);
        return answer;
    }

    private static Optional<Challenges.Challenge> first(
            List<Challenges.Challenge> challenges, String scheme, Predicate<Challenges.Challenge> which) {
        return challenges.stream()
                .filter(each -> each.scheme().equals(scheme))
                .filter(which)
                .findFirst();
    }

    private static boolean hasRealm(Challenges.Challenge challenge, URI root) {
        return challenge.parameter("realm").flatMap(text -> realm(text, root)).isPresent();
    }

    /** The token server, if it is safe to send it a password. */
    private static Optional<URI> realm(String text, URI root) {
        if (!text.contains("://") && !text.startsWith("/")) {
            return Optional.empty();
        }
        return RegistryAddress.resolved(root, text)
                .map(uri -> RegistryAddress.meant(root, uri))
                .filter(uri -> "https".equals(uri.getScheme())
                        || ("http".equals(uri.getScheme()) && "http".equals(root.getScheme())));
    }

    /** The token; empty if there is no token server, but another way to log in. */
    private Optional<String> token(
            Challenges.Challenge challenge,
            String scope,
            URI root,
            Optional<RegistryCredentials.Login> login,
            boolean hasOtherWay) {
        URI realm = challenge
                .parameter("realm")
                .flatMap(text -> realm(text, root))
                .orElseThrow(() -> new ReleaseException.Unreachable(host
                        + ": sends us to a place for tokens that is not safe: expected " + root.getScheme()
                        + ":// and a host of letters, digits and dashes, got "
                        + PrintableText.quoted(challenge.parameter("realm").orElse(""))));
        RegistryHttp.Request request = question(challenge, realm, scopes(challenge, scope), login);
        try (RegistryResponse response = follow(request)) {
            if (hasOtherWay && NO_TOKEN_SERVER.contains(response.status())) {
                return Optional.empty();
            }
            if (!response.isSuccess()) {
                throw failed(realm, response, login);
            }
            JsonNode json = CanonicalJson.read(response.read(MAX_TOKEN_BYTES));
            String given = json.path("token").asText("");
            String token = (given.isEmpty() ? json.path("access_token").asText("") : given).strip();
            // Other characters can't be sent in a header field.
            if (!token.matches("[!-~]+")) {
                throw new ReleaseException.Unreachable(
                        realm.getHost() + ": gave no token" + said(RegistryReason.of(json)));
            }
            return Optional.of(token);
        } catch (JacksonException e) {
            throw new ReleaseException.Unreachable(host + ": the token can't be read");
        } catch (IOException e) {
            throw RegistryHttp.broken(String.valueOf(realm.getAuthority()), String.valueOf(realm.getScheme()), e);
        }
    }

    private RuntimeException failed(URI realm, RegistryResponse response, Optional<RegistryCredentials.Login> login) {
        String reason = response.reason();
        int status = response.status();
        if (status == 401 || status == 403 || status == 400) {
            return login.isPresent() ? refused(reason) : unknown(reason);
        }
        ReleaseException fault = new ReleaseException.Unreachable(
                realm.getHost() + ": the token server responded " + status + (reason.isEmpty() ? "" : ": " + reason));
        return RetryPolicy.isPassing(status) ? new Transient(fault, response.retryAfter()) : fault;
    }

    /** Follows a token server's redirects; no other server gets the password. */
    private RegistryResponse follow(RegistryHttp.Request first) throws IOException {
        RegistryResponse response = http.send(first);
        for (int i = 0; i < MAX_REDIRECTS && response.status() / 100 == 3; i++) {
            URI from = response.request().uri();
            Optional<URI> to = response.header("Location")
                    .flatMap(location -> RegistryAddress.resolved(from, location))
                    .filter(uri -> !"https".equals(from.getScheme()) || "https".equals(uri.getScheme()));
            if (to.isEmpty()) {
                return response;
            }
            response.close();
            boolean stays = RegistryAddress.isSameOrigin(from, to.get());
            if (!stays && first.body().isPresent()) {
                throw new IOException("leads to another server, which is not given the login");
            }
            response = http.send(stays ? first.to(to.get()) : new RegistryHttp.Request("GET", to.get()));
        }
        return response;
    }

    /** The scopes of the token: what the registry requires, and all that we want to do there. */
    private static Set<String> scopes(Challenges.Challenge challenge, String wanted) {
        String asked = challenge.parameter("scope").orElse("").strip();
        if (asked.isEmpty()) {
            return Set.of(wanted);
        }
        Set<String> scopes = new LinkedHashSet<>();
        for (String each : asked.split("\\s+", -1)) {
            scopes.add(resource(each).equals(resource(wanted)) ? resource(each) + ":" + actions(each, wanted) : each);
        }
        return scopes;
    }

    private static String resource(String scope) {
        return scope.substring(0, Math.max(0, scope.lastIndexOf(':')));
    }

    private static String actions(String one, String other) {
        Set<String> actions = new TreeSet<>();
        for (String scope : List.of(one, other)) {
            actions.addAll(List.of(scope.substring(scope.lastIndexOf(':') + 1).split(",")));
        }
        return String.join(",", actions);
    }

    private static RegistryHttp.Request question(
            Challenges.Challenge challenge, URI realm, Set<String> scopes, Optional<RegistryCredentials.Login> login) {
        List<String> asked = new ArrayList<>();
        challenge.parameter("service").ifPresent(service -> asked.add("service=" + encode(service)));
        if (login.isPresent() && login.get().isIdentityToken()) {
            asked.add("scope=" + encode(String.join(" ", scopes)));
            String form = "grant_type=refresh_token&client_id=release&" + String.join("&", asked) + "&refresh_token="
                    + encode(login.get().password());
            return RegistryHttp.Request.of(
                    "POST",
                    realm,
                    "application/x-www-form-urlencoded",
                    RegistryHttp.Body.of(form.getBytes(StandardCharsets.UTF_8)));
        }
        scopes.forEach(scope -> asked.add("scope=" + encode(scope)));
        String separator = realm.getRawQuery() == null ? "?" : "&";
        Map<String, String> headers =
                login.map(known -> Map.of("Authorization", known.basic())).orElse(Map.of());
        return new RegistryHttp.Request("GET", URI.create(realm + separator + String.join("&", asked))).with(headers);
    }

    private ReleaseException unknown(String reason) {
        return new ReleaseException.Unreachable(
                host + ": asks for a login, and there is none" + said(reason) + "; " + credentials.advice(host));
    }

    /** {@return the fault for an insufficient login}
     *
     *  @param reason the registry's own; empty if it has none */
    ReleaseException refused(String reason) {
        return new ReleaseException.Unreachable(
                host + ": refused the login" + said(reason) + "; " + credentials.advice(host));
    }

    private static String said(String reason) {
        return reason.isEmpty() ? "" : " (" + reason + ")";
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
