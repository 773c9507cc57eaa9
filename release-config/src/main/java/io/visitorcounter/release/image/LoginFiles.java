package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files in which Docker and podman keep logins, as written by both and by people. */
final class LoginFiles {

    // The names under which Docker keeps the login for its own registry.
    static final String HUB_KEY = "https://index.docker.io/v1/";

    // As in GitLab and newer versions of Docker: the content of the file.
    private static final String CONTENT = "DOCKER_AUTH_CONFIG";

    private static final String OLD = ".dockercfg";

    private final Map<String, String> variables;
    private final Path podman;

    LoginFiles(Map<String, String> variables) {
        this(variables, Path.of("/run/containers"));
    }

    LoginFiles(Map<String, String> variables, Path podman) {
        this.variables = variables;
        this.podman = podman;
    }

    /** {@return the login for a registry; empty if no file has one}
     *
     *  @param host with its port, if it has one
     *  @param repository the name within the registry: podman keeps logins for parts of a registry, too */
    Optional<RegistryCredentials.Login> of(String host, String repository) {
        String wanted = key(host) + "/" + repository + "/";
        return variable(CONTENT)
                .flatMap(json -> in(read(CONTENT, json), host, wanted))
                .or(() -> files().stream()
                        .flatMap(file -> in(read(file), host, wanted).stream())
                        .findFirst());
    }

    private List<Path> files() {
        Path home = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", ".")));
        List<Path> files = new ArrayList<>();
        variable("REGISTRY_AUTH_FILE").map(Path::of).ifPresent(files::add);
        Path docker = variable("DOCKER_CONFIG").map(Path::of).orElseGet(() -> home.resolve(".docker"));
        // It should be the folder, but people name the file.
        files.add(Files.isRegularFile(docker) ? docker : docker.resolve("config.json"));
        variable("XDG_RUNTIME_DIR")
                .map(folder -> Path.of(folder, "containers"))
                .or(() -> ofUser(home))
                .map(folder -> folder.resolve("auth.json"))
                .ifPresent(files::add);
        files.add(variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElseGet(() -> home.resolve(".config"))
                .resolve(Path.of("containers", "auth.json")));
        files.add(home.resolve(OLD));
        return files;
    }

    /** Where podman keeps logins if the session has no folder, like root's. */
    private Optional<Path> ofUser(Path home) {
        try {
            return Optional.of(podman.resolve(String.valueOf(Files.getAttribute(home, "unix:uid"))));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Without a home, or on a system without user ids, there is no such file.
            return Optional.empty();
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    private Optional<RegistryCredentials.Login> in(JsonNode config, String host, String wanted) {
        return helper(config, wanted)
                .map(program -> new CredentialHelper(program, variables))
                .flatMap(helper -> names(host).stream()
                        .flatMap(name -> helper.login(name).stream())
                        .findFirst())
                .or(() -> entry(config.path("auths"), wanted).flatMap(LoginFiles::login));
    }

    private static Optional<String> helper(JsonNode config, String wanted) {
        return entry(config.path("credHelpers"), wanted)
                .or(() -> Optional.of(config.path("credsStore")))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(name -> !name.isBlank());
    }

    private static List<String> names(String host) {
        return ImageReference.isHub(host) ? List.of(HUB_KEY) : List.of(host, "https://" + host);
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode config = json(SmallFile.read(file, Image.MAX_JSON_BYTES));
            // In the oldest form, the logins are at the top level.
            return file.endsWith(OLD) ? CanonicalJson.object().set("auths", config) : config;
        } catch (NoSuchFileException e) {
            return CanonicalJson.object();
        } catch (IOException e) {
            throw unreadable(file.toString());
        }
    }

    private static JsonNode read(String variable, String json) {
        try {
            return json(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(variable);
        }
    }

    /** An empty file has no logins, as for Docker; some editors write a byte order mark. */
    private static JsonNode json(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("^\ufeff", "");
        return text.isBlank() ? CanonicalJson.object() : CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    // Without the cause: Jackson quotes what it could not read, which may be a password.
    private static ReleaseException unreadable(String where) {
        return new ReleaseException.Unreachable(where + ": can't be read as a file of logins");
    }

    /** The entry with the longest matching key. */
    private static Optional<JsonNode> entry(JsonNode entries, String wanted) {
        return entries.properties().stream()
                .filter(each -> wanted.startsWith(key(each.getKey()) + "/"))
                .max(Comparator.comparingInt(each -> key(each.getKey()).length()))
                .map(Map.Entry::getValue);
    }

    /** The host, or part of a registry, that a key means; it may be written with a scheme, a slash, or the protocol's
     *  path. */
    private static String key(String written) {
        String plain = written.strip().replaceFirst("^https?://", "");
        int slash = plain.indexOf('/');
        String host = (slash < 0 ? plain : plain.substring(0, slash))
                .toLowerCase(Locale.ROOT)
                // The default port.
                .replaceFirst(":443$", "");
        String path = slash < 0 ? "" : plain.substring(slash).replaceFirst("/+$", "");
        boolean isHost = path.isEmpty() || written.contains("://") || path.matches("/v[12]");
        return (ImageReference.isHub(host) ? ImageReference.HUB : host) + (isHost ? "" : path);
    }

    private static Optional<RegistryCredentials.Login> login(JsonNode entry) {
        String token = entry.path("identitytoken").asText("");
        if (!token.isBlank()) {
            return Optional.of(RegistryCredentials.Login.identityToken(token));
        }
        String given = entry.path("registrytoken").asText("").strip();
        // Other characters can't be sent in a header field.
        if (given.matches("[!-~]+")) {
            return Optional.of(RegistryCredentials.Login.registryToken(given));
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
