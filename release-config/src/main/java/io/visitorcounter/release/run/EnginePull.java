package io.visitorcounter.release.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.SmallFile;
import io.visitorcounter.release.image.RegistryCredentials;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A pull by a container engine with a login that is not the engine's own. During the pull, the engine's config names a
 *  credential helper, which answers from a variable of the pull: no login is ever in a file, however the tool ends. The
 *  rest of the engine's config stays the same.
 *
 *  @param engine which pulls
 *  @param folder of this tool, on a disk from which programs can be started
 *  @param ambient the variables of this process */
record EnginePull(EngineProgram engine, Path folder, Map<String, String> ambient) {

    private static final int MAX_LOGINS_BYTES = 4 << 20;

    private static final String HELPER = "release";

    // Without the tool's prefix, since it is not for users to set.
    private static final String REPLY = "REGISTRY_HELPER_REPLY";

    private static final String SCRIPT = "#!/bin/sh\ncat >/dev/null\nprintf '%s\\n' \"$" + REPLY + "\"\n";

    /** Pulls an image, unless the engine has it.
     *
     *  @param image by digest
     *  @param login for its registry
     *  @throws ReleaseException.Unreachable if it can't be pulled */
    void pull(String image, RegistryCredentials.HelperReply login) {
        if (engine.has(image)) {
            return;
        }
        try (Scratch scratch = Scratch.in(folder)) {
            Path config = Files.createDirectory(scratch.resolve("config"));
            link(config);
            Path file = Files.writeString(config.resolve("config.json"), withHelper(login));
            Path programs = Files.createDirectory(scratch.resolve("bin"));
            Path helper = Files.writeString(programs.resolve("docker-credential-" + HELPER), SCRIPT);
            Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
            Map<String, String> variables = new HashMap<>();
            // Docker's and podman's variables.
            variables.put("DOCKER_CONFIG", config.toAbsolutePath().toString());
            variables.put("REGISTRY_AUTH_FILE", file.toAbsolutePath().toString());
            variables.put("PATH", programs.toAbsolutePath() + ":" + ambient.getOrDefault("PATH", ""));
            variables.put(REPLY, login.reply());
            engine.pull(image, variables);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": can't be written: " + ReleaseException.reason(e), e);
        }
    }

    /** Links everything except the config file, such as the contexts, which select the engine. */
    private void link(Path config) throws IOException {
        Optional<Path> own = ownConfig().filter(Files::isDirectory);
        if (own.isPresent()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(own.get())) {
                for (Path each : files) {
                    Path name = each.getFileName();
                    if (name != null && !name.toString().equals("config.json")) {
                        Files.createSymbolicLink(config.resolve(name.toString()), each.toAbsolutePath());
                    }
                }
            }
        }
    }

    private String withHelper(RegistryCredentials.HelperReply login) {
        ObjectNode config =
                ownConfig().map(own -> read(own.resolve("config.json"))).orElseGet(CanonicalJson::object);
        // This store would be asked for every registry.
        config.remove("credsStore");
        ObjectNode helpers = config.withObjectProperty("credHelpers");
        login.names().forEach(name -> helpers.put(name, HELPER));
        return config.toString();
    }

    private Optional<Path> ownConfig() {
        return Optional.ofNullable(ambient.get("DOCKER_CONFIG"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .or(() -> Optional.ofNullable(ambient.get("HOME")).map(home -> Path.of(home, ".docker")));
    }

    private static ObjectNode read(Path file) {
        try {
            if (CanonicalJson.read(SmallFile.read(file, MAX_LOGINS_BYTES)) instanceof ObjectNode object) {
                return object;
            }
        } catch (NoSuchFileException e) {
            return CanonicalJson.object();
        } catch (IOException e) {
            // Without the cause, which may quote a password.
        }
        throw new ReleaseException.Unreachable(file + ": can't be read as a file of logins");
    }

    /** {@return the engine and the folder: the variables may hold passwords} */
    @Override
    public String toString() {
        return engine + " in " + folder;
    }
}
