package io.visitorcounter.release.image;

import io.visitorcounter.release.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our login for a registry: from {@code RELEASE_REGISTRY_USER} and {@code RELEASE_REGISTRY_PASSWORD} for the registry
 *  of our own images, or else from Docker's or podman's login files and the helpers that they name. */
public final class RegistryCredentials {

    private static final String USER = "RELEASE_REGISTRY_USER";
    private static final String PASSWORD = "RELEASE_REGISTRY_PASSWORD";

    private final Map<String, String> variables;
    private final Optional<String> ownHost;
    private final LoginFiles files;

    /** Takes the sources.
     *
     *  @param images where our images are: a registry's {@code host/name}, or a folder. The variables' login is for
     *      that registry only, since others can name hosts that we connect to */
    public RegistryCredentials(Map<String, String> variables, Optional<String> images) {
        this.variables = Map.copyOf(variables);
        this.ownHost =
                images.filter(ImageReference::isOne).map(ImageReference::parse).map(ImageReference::host);
        this.files = new LoginFiles(this.variables);
    }

    /** A user and a password, or a token instead. {@code toString} shows no secret.
     *
     *  @param user a name; {@code <token>} for an identity token
     *  @param password never printed */
    record Login(String user, String password) {

        private static final String TOKEN = "<token>";
        private static final String REGISTRY_TOKEN = "<registry token>";

        static Login identityToken(String token) {
            return new Login(TOKEN, token);
        }

        /** A token for the registry itself: there is no token server. */
        static Login registryToken(String token) {
            return new Login(REGISTRY_TOKEN, token);
        }

        boolean isRegistryToken() {
            return user.equals(REGISTRY_TOKEN);
        }

        boolean isIdentityToken() {
            return user.equals(TOKEN);
        }

        String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "login of " + user;
        }
    }

    /** The variables' login, in a credential helper's form for a container engine. {@code toString} shows no secret.
     *
     *  @param names under which engines ask for the registry
     *  @param reply JSON with the password */
    public record HelperReply(List<String> names, String reply) {

        public HelperReply {
            names = List.copyOf(names);
        }

        @Override
        public String toString() {
            return "login for " + names;
        }
    }

    /** {@return the variables' login for an image's registry; empty if it is for another one, so that the engine's own
     *  counts} */
    public Optional<HelperReply> forEngine(String image) {
        String host = ImageReference.parse(image).host();
        return isOwn(host)
                ? Optional.of(new HelperReply(
                        host.equals(ImageReference.HUB) ? List.of(host, LoginFiles.HUB_KEY) : List.of(host),
                        CanonicalJson.object()
                                .put("ServerURL", host)
                                .put("Username", variables.getOrDefault(USER, ""))
                                .put("Secret", variables.getOrDefault(PASSWORD, ""))
                                .toString()))
                : Optional.empty();
    }

    /** {@return the login for a registry; empty for anonymous access}
     *
     *  @param host with its port, if it has one
     *  @param repository the name within the registry, which may have its own login */
    Optional<Login> of(String host, String repository) {
        return isOwn(host)
                ? Optional.of(new Login(variables.getOrDefault(USER, ""), variables.getOrDefault(PASSWORD, "")))
                : files.of(host, repository);
    }

    private boolean isOwn(String host) {
        return isSet() && ownHost.equals(Optional.of(host));
    }

    private boolean isSet() {
        return variables.containsKey(USER) && variables.containsKey(PASSWORD);
    }

    /** {@return advice for a missing or refused login} */
    String advice(String host) {
        String variablesAdvice = isSet() && !ownHost.equals(Optional.of(host))
                ? USER + " is only for the registry that RELEASE_IMAGES names, which is " + ownHost.orElse("none")
                : "or set " + USER + " and " + PASSWORD + ", with RELEASE_IMAGES at that registry";
        return "renew it with docker login " + host + ", " + variablesAdvice;
    }
}
