package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files in which Docker and podman keep logins, in the forms that both write and that people do. */
final class LoginFiles {

    // Under these names Docker keeps the login of its own registry.
    private static final String HUB_KEY = "https://index.docker.io/v1/";

    private final Map<String, String> variables;

    LoginFiles(Map<String, String> variables) {
        this.variables = variables;
    }

    /** {@return the login for a registry; empty if no file has one}
     *
     *  @param host with its port where it has one */
    Optional<RegistryCredentials.Login> of(String host) {
        for (Path file : files()) {
            Optional<RegistryCredentials.Login> login = in(file, host);
            if (login.isPresent()) {
                return login;
            }
        }
        return Optional.empty();
    }

    private List<Path> files() {
        Path home = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", ".")));
        List<Path> files = new ArrayList<>();
        variable("REGISTRY_AUTH_FILE").map(Path::of).ifPresent(files::add);
        files.add(variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElseGet(() -> home.resolve(".docker"))
                .resolve("config.json"));
        variable("XDG_RUNTIME_DIR")
                .map(folder -> Path.of(folder, "containers", "auth.json"))
                .ifPresent(files::add);
        files.add(variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElseGet(() -> home.resolve(".config"))
                .resolve(Path.of("containers", "auth.json")));
        return files;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    private Optional<RegistryCredentials.Login> in(Path file, String host) {
        JsonNode config = read(file);
        Optional<String> helper = helper(config, host);
        if (helper.isPresent()) {
            CredentialHelper asked = new CredentialHelper(helper.get(), variables);
            for (String name : names(host)) {
                Optional<RegistryCredentials.Login> login = asked.login(name);
                if (login.isPresent()) {
                    return login;
                }
            }
        }
        return stored(config.path("auths"), host);
    }

    private static Optional<String> helper(JsonNode config, String host) {
        return entry(config.path("credHelpers"), host)
                .or(() -> Optional.of(config.path("credsStore")))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(name -> !name.isBlank());
    }

    private static List<String> names(String host) {
        return isHub(host) ? List.of(HUB_KEY) : List.of(host, "https://" + host);
    }

    private static JsonNode read(Path file) {
        try {
            return CanonicalJson.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return CanonicalJson.object();
        } catch (IOException e) {
            // Not the cause: Jackson quotes what it could not read, and here that may be a password.
            throw new ReleaseException.Unreachable(file + ": can't be read as a file of logins", null);
        }
    }

    /** The entry whose key means this host: with or without a scheme, a path or a slash. */
    private static Optional<JsonNode> entry(JsonNode entries, String host) {
        if (entries.has(host)) {
            return Optional.of(entries.get(host));
        }
        for (Map.Entry<String, JsonNode> each : entries.properties()) {
            String key = each.getKey()
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceFirst("^https?://", "")
                    .replaceFirst("/.*$", "");
            if (key.equals(host.toLowerCase(Locale.ROOT)) || (isHub(host) && isHub(key))) {
                return Optional.of(each.getValue());
            }
        }
        return Optional.empty();
    }

    private static boolean isHub(String host) {
        return List.of("docker.io", "index.docker.io", "registry-1.docker.io").contains(host);
    }

    private static Optional<RegistryCredentials.Login> stored(JsonNode auths, String host) {
        return entry(auths, host).flatMap(LoginFiles::login);
    }

    private static Optional<RegistryCredentials.Login> login(JsonNode entry) {
        String token = entry.path("identitytoken").asText("");
        if (!token.isBlank()) {
            return Optional.of(RegistryCredentials.Login.identityToken(token));
        }
        String user = entry.path("username").asText("");
        if (!user.isEmpty()) {
            return Optional.of(
                    new RegistryCredentials.Login(user, entry.path("password").asText("")));
        }
        return pair(entry.path("auth").asText(""));
    }

    private static Optional<RegistryCredentials.Login> pair(String auth) {
        try {
            // The MIME form skips line breaks; Docker itself pads with zero bytes.
            byte[] decoded = Base64.getMimeDecoder().decode(auth);
            String pair = new String(decoded, StandardCharsets.UTF_8).replaceFirst("\0+$", "");
            int colon = pair.indexOf(':');
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(new RegistryCredentials.Login(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
