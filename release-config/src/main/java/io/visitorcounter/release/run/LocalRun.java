package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A release in a JVM of this machine, from the same layers that run in production. Its working folder belongs to the
 *  environment, so that data there survives a restart and the next release.
 *
 *  @param folder a folder of this tool, such as {@code .release/run}
 *  @param java the java to start
 *  @param ambient the variables of this process */
public record LocalRun(Path folder, Path java, Map<String, String> ambient) {

    // The variables that a process needs from the machine. All others come from the release.
    private static final Set<String> OF_THE_MACHINE =
            Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "TERM", "JAVA_TOOL_OPTIONS", "SystemRoot");

    public LocalRun {
        ambient = Map.copyOf(ambient);
    }

    /** {@return the prepared process, unpacked and checked}
     *
     *  @throws ReleaseException.Unhealthy if a variable is missing, or the image starts no java */
    public Prepared prepare(RunnableRelease release) {
        ReleaseId id = release.id();
        Image image = release.image();
        requireVariables(id, release.needed(), ambient);
        List<String> command = image.command();
        if (command.isEmpty() || !Path.of(command.get(0)).endsWith("java")) {
            throw new ReleaseException.Unhealthy(id.label() + ": expected an image that starts java, got "
                    + (command.isEmpty() ? "no command" : command.get(0)) + "; run it with --engine docker");
        }
        Path root = UnpackedImage.root(folder.resolve("images"), release.store(), release.name(), image)
                .toAbsolutePath();
        String environment = id.environment().name();
        Path work = folder.resolve(environment).toAbsolutePath();
        RunRecord record = new RunRecord(folder.resolve(environment + ".pid").toAbsolutePath(), id.label());
        ImageCommand local = new ImageCommand(
                root, folder.resolve("arguments").resolve(image.digest().shortText()));
        Map<String, String> variables = variables(release, local);
        Optional<ClassArchive> archive = release.declared().archivesClasses()
                ? ClassArchive.of(Objects.requireNonNull(root.getParent()), java, variables)
                : Optional.empty();
        try {
            Files.createDirectories(work);
            List<String> started = local.local(command, java);
            return new Prepared(
                    archive.map(classes -> classes.with(started)).orElse(started),
                    variables,
                    work,
                    new Prepared.Ending(
                            Optional.empty(),
                            archive.map(classes -> classes.graceOf(release.grace()))
                                    .orElse(release.grace())),
                    Optional.of(record),
                    archive,
                    record.stillRunning());
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(work + ": can't be written: " + e.getMessage(), e);
        }
    }

    static void requireVariables(ReleaseId id, Collection<String> needed, Map<String, String> ambient) {
        List<String> missing = needed.stream()
                .filter(variable -> ambient.getOrDefault(variable, "").isEmpty())
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new ReleaseException.Unhealthy(id.label() + ": expected the variable"
                    + (missing.size() > 1 ? "s " : " ") + String.join(", ", missing)
                    + " at run, got none; set " + (missing.size() > 1 ? "them" : "it") + " and run again");
        }
    }

    private Map<String, String> variables(RunnableRelease release, ImageCommand local) {
        Map<String, String> variables = new TreeMap<>();
        Map<String, String> machine = new HashMap<>(ambient);
        machine.keySet().retainAll(OF_THE_MACHINE);
        release.image().environment().forEach((name, value) -> variables.put(name, local.paths(value)));
        // The image's PATH belongs to its base, which is not here.
        variables.putAll(machine);
        variables.putAll(release.settings());
        release.needed().forEach(variable -> variables.put(variable, ambient.getOrDefault(variable, "")));
        // The platform assigns the port, so it is not part of a release.
        String port = release.declared().portVariable();
        Optional.ofNullable(ambient.get(port)).ifPresent(value -> variables.put(port, value));
        variables.put("RELEASE", release.id().toString());
        return variables;
    }

    /** {@return the java and the folder: the variables may hold passwords} */
    @Override
    public String toString() {
        return java + " in " + folder;
    }
}
