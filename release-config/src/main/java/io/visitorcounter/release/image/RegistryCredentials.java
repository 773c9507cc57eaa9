package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Who we are to a registry: from {@code RELEASE_REGISTRY_USER} and {@code RELEASE_REGISTRY_PASSWORD}, or else from
 *  Docker's config file and the helpers it names. */
public final class RegistryCredentials {

    private static final String USER = "RELEASE_REGISTRY_USER";
    private static final String PASSWORD = "RELEASE_REGISTRY_PASSWORD";
    private static final long HELPER_SECONDS = 20;

    private final Map<String, String> variables;

    /** Sets where to look.
     *
     *  @param variables the environment's */
    public RegistryCredentials(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** A user and a password, or a token in the place of both. Its text has no secret.
     *
     *  @param user a name; {@code <token>} for an identity token
     *  @param password never printed */
    record Login(String user, String password) {

        String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "login of " + user;
        }
    }

    /** {@return the login for a registry; empty to come as a stranger}
     *
     *  @param host with its port where it has one */
    Optional<Login> of(String host) {
        String user = variables.get(USER);
        String password = variables.get(PASSWORD);
        if (user != null && password != null) {
            return Optional.of(new Login(user, password));
        }
        JsonNode config = dockerConfig();
        JsonNode helper = config.path("credHelpers").path(host);
        if (helper.isTextual()) {
            return ask(helper.asText(), host);
        }
        Optional<Login> stored = stored(config.path("auths").path(host));
        if (stored.isEmpty() && config.path("credsStore").isTextual()) {
            return ask(config.path("credsStore").asText(), host);
        }
        return stored;
    }

    private JsonNode dockerConfig() {
        Path folder = Optional.ofNullable(variables.get("DOCKER_CONFIG"))
                .map(Path::of)
                .orElseGet(
                        () -> Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", ".")), ".docker"));
        Path file = folder.resolve("config.json");
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new ObjectMapper().createObjectNode();
        } catch (IOException e) {
            // Not the cause: Jackson quotes what it could not read, and here that may be a password.
            throw new ReleaseException.Unreachable(file + ": can't be read as Docker's config", null);
        }
    }

    private static Optional<Login> stored(JsonNode entry) {
        if (entry.path("identitytoken").isTextual()) {
            return Optional.of(new Login("<token>", entry.path("identitytoken").asText()));
        }
        if (!entry.path("auth").isTextual()) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(entry.path("auth").asText());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(new Login(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Login> ask(String helper, String host) {
        if (!helper.matches("[A-Za-z0-9._-]+")) {
            throw new ReleaseException.Unreachable("docker config: not the name of a credential helper", null);
        }
        String program = "docker-credential-" + helper;
        try {
            Process process = new ProcessBuilder(List.of(program, "get"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(host.getBytes(StandardCharsets.UTF_8));
            }
            byte[] answer = process.getInputStream().readNBytes(1 << 20);
            if (!process.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ReleaseException.Unreachable(program + ": no answer within " + HELPER_SECONDS + " s", null);
            }
            if (process.exitValue() != 0) {
                return Optional.empty();
            }
            JsonNode login = new ObjectMapper().readTree(answer);
            return Optional.of(new Login(
                    login.path("Username").asText(), login.path("Secret").asText()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + ": interrupted", null);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + ": can't be asked for the login of " + host, null);
        }
    }
}
