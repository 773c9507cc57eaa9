package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A release in a JVM of this machine, from the very layers that run in production. Its folder of work is the
 *  environment's, so that what it keeps there outlives a restart and the next release. */
public final class LocalRun {

    // What a process needs of the machine. All else that it may know comes from the release.
    private static final Set<String> OF_THE_MACHINE =
            Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "TERM", "JAVA_TOOL_OPTIONS", "SystemRoot");

    // A platform assigns it, so it is no part of a release.
    static final String PORT_VARIABLE = "HTTP_PORT";

    private final Path folder;
    private final Path java;
    private final Map<String, String> ambient;

    /** Sets where runs lie and what they start with.
     *
     *  @param folder a folder of this tool, such as {@code .release/run}
     *  @param java the java to start
     *  @param ambient the variables of this process */
    public LocalRun(Path folder, Path java, Map<String, String> ambient) {
        this.folder = folder;
        this.java = java;
        this.ambient = Map.copyOf(ambient);
    }

    /** What is about to run.
     *
     *  @param command with arguments, for this machine
     *  @param variables all that the process gets
     *  @param folder where it works */
    public record Prepared(List<String> command, Map<String, String> variables, Path folder) {

        /** Copies both. */
        public Prepared {
            command = List.copyOf(command);
            variables = Map.copyOf(variables);
        }

        /** {@return the process, started; its input and output are this one's}
         *
         *  @throws ReleaseException.Unhealthy if it can't be started */
        public Process start() {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
            builder.environment().clear();
            builder.environment().putAll(variables);
            try {
                return builder.start();
            } catch (IOException e) {
                throw new ReleaseException.Unhealthy(command.get(0) + ": can't be started: " + e.getMessage());
            }
        }
    }

    /** {@return what would run, unpacked and checked}
     *
     *  @param id the release
     *  @param store where its image is
     *  @param name what the image is called there
     *  @param image its manifest and config, as recorded
     *  @param settings the bundle's variables with their values
     *  @param needed the variables that must be there at run: secrets
     *  @throws ReleaseException.Unhealthy if one of them is missing, or the image starts no java */
    public Prepared prepare(
            ReleaseId id,
            ImageStore store,
            String name,
            Image image,
            Map<String, String> settings,
            Collection<String> needed) {
        requireVariables(id, needed, ambient);
        List<String> command = image.command();
        if (command.isEmpty() || !Path.of(command.get(0)).endsWith("java")) {
            throw new ReleaseException.Unhealthy(id.label() + ": expected an image that starts java, got "
                    + (command.isEmpty() ? "no command" : command.get(0)) + "; run it with --engine docker");
        }
        Path root = UnpackedImage.of(folder.resolve("images"), store, name, image)
                .root()
                .toAbsolutePath();
        Path work = folder.resolve(id.environment().name()).toAbsolutePath();
        ImageCommand local = new ImageCommand(
                root, folder.resolve("arguments").resolve(image.digest().shortText()));
        try {
            Files.createDirectories(work);
            return new Prepared(local.local(command, java), variables(id, image, local, settings, needed), work);
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(work + ": can't be written: " + e.getMessage(), e);
        }
    }

    static void requireVariables(ReleaseId id, Collection<String> needed, Map<String, String> ambient) {
        List<String> missing = needed.stream()
                .filter(variable -> !ambient.containsKey(variable))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new ReleaseException.Unhealthy(id.label() + ": expected the variable"
                    + (missing.size() > 1 ? "s " : " ") + String.join(", ", missing)
                    + " at run, got none; set " + (missing.size() > 1 ? "them" : "it") + " and run again");
        }
    }

    private Map<String, String> variables(
            ReleaseId id, Image image, ImageCommand local, Map<String, String> settings, Collection<String> needed) {
        Map<String, String> variables = new TreeMap<>();
        Map<String, String> machine = new HashMap<>(ambient);
        machine.keySet().retainAll(OF_THE_MACHINE);
        image.environment().forEach((name, value) -> variables.put(name, local.paths(value)));
        // The image's PATH is that of its base, which is not here.
        variables.putAll(machine);
        variables.putAll(settings);
        needed.forEach(variable -> variables.put(variable, ambient.getOrDefault(variable, "")));
        if (ambient.containsKey(PORT_VARIABLE)) {
            variables.put(PORT_VARIABLE, ambient.getOrDefault(PORT_VARIABLE, ""));
        }
        variables.put("RELEASE", id.toString());
        return variables;
    }
}
