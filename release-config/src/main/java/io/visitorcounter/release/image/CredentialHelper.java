package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that stores logins, {@code docker-credential-NAME}, used by the protocol of Docker's helpers. */
final class CredentialHelper {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 1 << 20;

    // The messages of Docker's own helpers for a missing login, which is not a failure.
    private static final List<String> NONE = List.of("credentials not found", "no credentials", "not found in");

    private final String program;
    private final Map<String, String> variables;
    private final Duration limit;

    CredentialHelper(String name, Map<String, String> variables) {
        this(name, variables, LIMIT);
    }

    CredentialHelper(String name, Map<String, String> variables, Duration limit) {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new ReleaseException.Unreachable("docker config: not the name of a credential helper");
        }
        this.program = "docker-credential-" + name;
        this.variables = variables;
        this.limit = limit;
    }

    /** {@return the login; empty if the helper has none}
     *
     *  @param server the helper's name for it */
    Optional<RegistryCredentials.Login> login(String server) {
        try {
            Path folder = Files.createTempDirectory("login-");
            try {
                return ask(server, folder.resolve("out"), folder.resolve("err"));
            } finally {
                Scratch.delete(folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + ": interrupted");
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(
                    program + ": can't be started for the login of " + server + "; is it on the PATH?");
        }
    }

    /** Its output goes into files: a pipe that the helper or its child keeps open would block this process. */
    private Optional<RegistryCredentials.Login> ask(String server, Path out, Path err)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(found(), "get"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading: its exit code and its output say why.
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new ReleaseException.Unreachable(program + ": no response within " + limit.toSeconds() + " s");
        }
        if (process.exitValue() == 0) {
            return read(server, bytes(out));
        }
        // Docker's helpers use either stream.
        String said = RegistryReason.cleaned(
                new String(bytes(err), StandardCharsets.UTF_8) + " " + new String(bytes(out), StandardCharsets.UTF_8));
        if (NONE.stream().anyMatch(said.toLowerCase(Locale.ROOT)::contains)) {
            return Optional.empty();
        }
        throw new ReleaseException.Unreachable(
                program + ": failed for " + server + ": " + (said.isEmpty() ? "code " + process.exitValue() : said));
    }

    private String found() {
        return Arrays.stream(variables.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(program);
    }

    private Optional<RegistryCredentials.Login> read(String server, byte[] bytes) {
        if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
            return Optional.empty();
        }
        try {
            JsonNode login = CanonicalJson.read(bytes);
            String user = login.path("Username").asText("");
            String secret = login.path("Secret").asText("");
            return user.isEmpty() || secret.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new RegistryCredentials.Login(user, secret));
        } catch (IOException e) {
            // Without its output, which may be a password.
            throw new ReleaseException.Unreachable(
                    program + ": expected a login in JSON for " + server + ", got another");
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        }
    }
}
