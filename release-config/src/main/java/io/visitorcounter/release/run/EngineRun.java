package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release in a container engine: docker, or another with the same command line. */
public final class EngineRun {

    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private final String engine;
    private final int memory;
    private final Map<String, String> ambient;

    /** Sets the engine.
     *
     *  @param engine the program, such as {@code docker} or {@code podman}
     *  @param memory what the container gets at most, in MiB
     *  @param ambient the variables of this process */
    public EngineRun(String engine, int memory, Map<String, String> ambient) {
        this.engine = engine;
        this.memory = memory;
        this.ambient = Map.copyOf(ambient);
    }

    /** {@return what would run}
     *
     *  @param id the release
     *  @param reference the image by digest; empty if it is a tar
     *  @param tar the image's tar, which is loaded first; empty if it is in a registry
     *  @param image manifest and config, as recorded
     *  @param settings the bundle's variables with their values
     *  @param needed the variables that must be there at run: secrets
     *  @throws ReleaseException.Unhealthy if one of them is missing
     *  @throws ReleaseException.Unreachable if there is no such engine, or it can't load the image */
    public LocalRun.Prepared prepare(
            ReleaseId id,
            Optional<String> reference,
            Optional<Path> tar,
            Image image,
            Map<String, String> settings,
            Collection<String> needed) {
        LocalRun.requireVariables(id, needed, ambient);
        String name = reference.orElseGet(() -> load(tar.orElseThrow(), image));
        List<String> command = new ArrayList<>(List.of(
                engine,
                "run",
                "--rm",
                "--read-only",
                "--tmpfs",
                "/tmp",
                "--memory",
                memory + "m",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges",
                "--env",
                "RELEASE=" + id));
        // By name alone: the engine takes the value from its own environment, and no command line shows it.
        needed.stream().sorted().forEach(variable -> command.addAll(List.of("--env", variable)));
        String inside = settings.getOrDefault(LocalRun.PORT_VARIABLE, "");
        if (!inside.isEmpty()) {
            String outside = ambient.getOrDefault(LocalRun.PORT_VARIABLE, inside);
            command.addAll(
                    List.of("--env", LocalRun.PORT_VARIABLE + "=" + inside, "--publish", outside + ":" + inside));
        }
        settings.forEach((variable, value) -> {
            if (!variable.equals(LocalRun.PORT_VARIABLE)) {
                command.addAll(List.of("--env", variable + "=" + value));
            }
        });
        // What it keeps outlives a restart and the next release, as in a local run.
        String work = image.workingDirectory();
        for (String folder : image.volumes()) {
            // Not the folder of work, if the image says where it keeps things: the volume would hold its jars, too, and
            // give them to the next release.
            String suffix = folder.replaceAll("[^A-Za-z0-9]+", "-");
            command.addAll(List.of("--volume", "release-" + id.environment() + suffix + ":" + folder));
        }
        if (image.volumes().isEmpty() && work.length() > 1) {
            command.addAll(List.of("--volume", "release-" + id.environment() + ":" + work));
        }
        command.add(name);
        return new LocalRun.Prepared(command, ambient, Path.of("").toAbsolutePath());
    }

    private String load(Path tar, Image image) {
        String answer = ask(List.of(engine, "load", "--input", tar.toString()));
        String name = answer.lines()
                .filter(line -> line.contains(": "))
                .map(line -> line.substring(line.indexOf(": ") + 2).strip())
                .reduce((first, last) -> last)
                .orElseThrow(() -> new ReleaseException.Unreachable(engine + ": did not say what it loaded", null));
        String id = ask(List.of(engine, "image", "inspect", "--format", "{{.Id}}", name))
                .strip();
        String config = Digest.of(image.config()).text();
        String plain = id.startsWith("sha256:") ? id : "sha256:" + id;
        // An engine names an image by its config, or by its manifest.
        if (!plain.equals(config) && !plain.equals(image.digest().text())) {
            throw new ReleaseException.VerificationFailed(
                    List.of(name + ": expected the image " + config + " in " + engine + ", got " + plain));
        }
        return name;
    }

    private String ask(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ReleaseException.Unreachable(
                        String.join(" ", command.subList(0, 2)) + ": "
                                + answer.strip().lines().findFirst().orElse("failed"),
                        null);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(engine + ": interrupted", e);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(engine + ": can't be started; is it installed?", e);
        }
    }
}
