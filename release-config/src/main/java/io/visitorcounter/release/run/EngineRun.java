package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.AppNames;
import io.visitorcounter.release.image.RegistryCredentials;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release in a container engine: docker, or another with the same command line. The container's root is read-only;
 *  only the volumes that the image declares outlive it, one set for each app and environment.
 *
 *  @param program such as {@code docker} or {@code podman}
 *  @param memory the container's limit, in MiB
 *  @param publish the address of this machine that its port is published at
 *  @param arguments further arguments of the engine's {@code run}, such as {@code --network=web}
 *  @param ambient the variables of this process
 *  @param credentials the engine pulls with the login from their variables, if it is for the image's registry
 *  @param folder a folder of this tool, such as {@code .release/run} */
public record EngineRun(
        String program,
        int memory,
        String publish,
        List<String> arguments,
        Map<String, String> ambient,
        RegistryCredentials credentials,
        Path folder) {

    private static final String RUN_LABEL = "io.visitorcounter.run";
    private static final String SEPARATOR = "_";

    /** Checks the program, and copies what is mutable. */
    public EngineRun {
        if (program.isBlank()) {
            throw new ReleaseException.Usage("release run: --engine: expected a program such as docker, got nothing");
        }
        arguments = List.copyOf(arguments);
        ambient = Map.copyOf(ambient);
    }

    private EngineProgram engine() {
        return new EngineProgram(program);
    }

    /** {@return the prepared process}
     *
     *  @throws ReleaseException.Unhealthy if a variable is missing
     *  @throws ReleaseException.Unreachable if there is no such engine, or it can't load the image */
    public Prepared prepare(RunnableRelease release) {
        LocalRun.requireVariables(release.id(), release.needed(), ambient);
        Optional<Path> tar = release.store().file(release.name());
        String image = tar.map(file -> engine().load(file, release.image())).orElseGet(() -> pulled(release.name()));
        String owner = owner(release, tar);
        String container = owner + "-" + Long.toHexString(System.nanoTime());
        List<String> command = new ArrayList<>(List.of(program, "run", "--rm", "--name", container));
        command.addAll(List.of("--label", RUN_LABEL + "=" + owner));
        command.addAll(limits());
        command.addAll(variables(release));
        command.addAll(port(release));
        command.addAll(volumes(release, owner));
        command.addAll(arguments);
        command.add(image);
        return new Prepared(
                command,
                ambient,
                Path.of("").toAbsolutePath(),
                new Prepared.Ending(Optional.of(engine().stop(container, release.grace())), release.grace()),
                Optional.empty(),
                Optional.empty(),
                leftovers(owner));
    }

    // Without such a login, the engine pulls when it runs, with its own.
    private String pulled(String image) {
        credentials.forEngine(image).ifPresent(login -> new EnginePull(engine(), folder, ambient).pull(image, login));
        return image;
    }

    private List<String> limits() {
        return List.of(
                // An init, since many programs ignore SIGTERM when they are a container's first process.
                "--init",
                "--read-only",
                "--tmpfs",
                "/tmp",
                "--memory",
                memory + "m",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges");
    }

    private static List<String> variables(RunnableRelease release) {
        List<String> options = new ArrayList<>(List.of("--env", "RELEASE=" + release.id()));
        // By name only: the engine takes the value from its own environment, and no command line shows it.
        release.needed().stream().sorted().forEach(name -> options.addAll(List.of("--env", name)));
        release.settings().forEach((name, value) -> options.addAll(List.of("--env", name + "=" + value)));
        return options;
    }

    private List<String> port(RunnableRelease release) {
        String variable = release.declared().portVariable();
        String inside = release.settings().getOrDefault(variable, "");
        if (inside.isEmpty()) {
            return List.of();
        }
        String outside = ambient.getOrDefault(variable, inside);
        return List.of("--publish", publish + ":" + outside + ":" + inside);
    }

    /** Only the volumes that the image declares: a volume over any other folder would hide the files of each later
     *  release behind those of the first. */
    private static List<String> volumes(RunnableRelease release, String owner) {
        List<String> options = new ArrayList<>();
        for (String folder : release.image().volumes()) {
            options.addAll(List.of("--volume", owner + SEPARATOR + AppNames.volume(folder) + ":" + folder));
        }
        return options;
    }

    /** The owner of the volumes: one app in one environment. The place of its images, without the registry, is part of
     *  the name, since two apps may have the same name, from a label that both inherit from their base. No name
     *  contains the separator. */
    private static String owner(RunnableRelease release, Optional<Path> tar) {
        String app = AppNames.app(release.image(), release.name());
        String place = tar.map(
                        file -> String.valueOf(file.toAbsolutePath().normalize().getParent()))
                .orElseGet(() -> release.name().replaceFirst("^[^/]*/", "").replaceFirst("@.*", ""));
        return "release-" + app + "-"
                + Digest.of(place.getBytes(StandardCharsets.UTF_8)).shortText() + SEPARATOR
                + release.id().environment();
    }

    private List<String> leftovers(String owner) {
        return engine().containers(RUN_LABEL + "=" + owner).stream()
                .map(name -> "container " + name + " still runs from an earlier run; stop it with " + program + " stop "
                        + name)
                .toList();
    }

    /** {@return the program and the folder: the variables and the arguments may hold passwords} */
    @Override
    public String toString() {
        return program + " in " + folder;
    }
}
