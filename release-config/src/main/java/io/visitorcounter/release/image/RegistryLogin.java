package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers a registry's question who we are: with a user and a password, or with a token that it sends us to fetch. What
 *  was answered once is answered again unasked. Thread-safe. */
final class RegistryLogin {

    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"]*)\"");
    private static final int MAX_TOKEN_BYTES = 1 << 20;

    private final String host;
    private final boolean encrypted;
    private final RegistryCredentials credentials;
    private final Map<String, String> authorizations = new ConcurrentHashMap<>();

    /** Sets whom we answer.
     *
     *  @param host the registry's
     *  @param encrypted whether it is spoken to over TLS; then tokens are, too
     *  @param credentials who we are */
    RegistryLogin(String host, boolean encrypted, RegistryCredentials credentials) {
        this.host = host;
        this.encrypted = encrypted;
        this.credentials = credentials;
    }

    /** {@return what was answered last; empty if nobody asked}
     *
     *  @param scope what we want to do */
    Optional<String> known(String scope) {
        return Optional.ofNullable(authorizations.get(scope));
    }

    /** {@return the header's value}
     *
     *  @param challenge what the registry asks
     *  @param scope what we want to do */
    String answer(String challenge, String scope) {
        Optional<RegistryCredentials.Login> login = credentials.of(host);
        String answer;
        if (challenge.regionMatches(true, 0, "Basic", 0, 5)) {
            answer = login.map(RegistryCredentials.Login::basic).orElseThrow(this::unknown);
        } else if (challenge.regionMatches(true, 0, "Bearer", 0, 6)) {
            Map<String, String> parameters = new HashMap<>();
            Matcher matcher = PARAMETER.matcher(challenge);
            while (matcher.find()) {
                parameters.put(matcher.group(1), matcher.group(2));
            }
            answer = "Bearer " + token(parameters, scope, login);
        } else {
            throw new ReleaseException.Unreachable(host + ": asks for a login in a way that is not known", null);
        }
        authorizations.put(scope, answer);
        return answer;
    }

    private String token(Map<String, String> parameters, String scope, Optional<RegistryCredentials.Login> login) {
        URI realm = realm(parameters.getOrDefault("realm", ""));
        String service = parameters.getOrDefault("service", "");
        try (RegistryHttp.RegistryResponse answer = RegistryHttp.send(question(realm, service, scope, login));
                InputStream body = answer.body()) {
            if (answer.status() != 200) {
                throw login.isPresent() ? refused() : unknown();
            }
            JsonNode json = new ObjectMapper().readTree(body.readNBytes(MAX_TOKEN_BYTES));
            String token = json.path("token").asText(json.path("access_token").asText());
            if (token.isEmpty()) {
                throw new ReleaseException.Unreachable(realm.getHost() + ": gave no token", null);
            }
            return token;
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new ReleaseException.Unreachable(host + ": the token can't be read", null);
        } catch (IOException e) {
            throw RegistryHttp.broken(String.valueOf(realm.getAuthority()), String.valueOf(realm.getScheme()), e);
        }
    }

    private static RegistryHttp.Request question(
            URI realm, String service, String scope, Optional<RegistryCredentials.Login> login) {
        String asked = "service=" + encode(service) + "&scope=" + encode(scope);
        if (login.isPresent() && login.get().user().equals("<token>")) {
            String form = "grant_type=refresh_token&client_id=release&" + asked + "&refresh_token="
                    + encode(login.get().password());
            return new RegistryHttp.Request(
                    "POST",
                    realm,
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    Optional.of(RegistryHttp.Body.of(form.getBytes(StandardCharsets.UTF_8))));
        }
        String separator = realm.getRawQuery() == null ? "?" : "&";
        Map<String, String> headers =
                login.map(known -> Map.of("Authorization", known.basic())).orElse(Map.of());
        return new RegistryHttp.Request("GET", URI.create(realm + separator + asked)).with(headers);
    }

    private URI realm(String text) {
        try {
            URI uri = URI.create(text);
            boolean safe = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && !encrypted);
            if (safe && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new ReleaseException.Unreachable(host + ": sends us to a place for tokens that is not safe", null);
    }

    private ReleaseException unknown() {
        return new ReleaseException.Unreachable(
                host + ": asks for a login, and there is none; docker login " + host
                        + ", or set RELEASE_REGISTRY_USER and RELEASE_REGISTRY_PASSWORD",
                null);
    }

    /** {@return the fault that our login is not enough} */
    ReleaseException refused() {
        return new ReleaseException.Unreachable(
                host + ": refused the login; renew it with docker login " + host
                        + ", or set RELEASE_REGISTRY_USER and RELEASE_REGISTRY_PASSWORD",
                null);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
