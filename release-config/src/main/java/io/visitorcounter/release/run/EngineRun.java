package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.AppNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release in a container engine: docker, or another with the same command line. The container's root is read-only; what
 *  the image declares as volumes outlives it, by app and environment, and nothing else does. */
public final class EngineRun {

    private static final String RUN_LABEL = "io.visitorcounter.run";

    private final Settings settings;
    private final EngineProgram engine;

    /** How a container is started.
     *
     *  @param engine the program, such as {@code docker} or {@code podman}
     *  @param memory what the container gets at most, in MiB
     *  @param publish the address of this machine that its port is published at
     *  @param arguments further arguments of the engine's {@code run}, such as {@code --network=web}
     *  @param ambient the variables of this process */
    public record Settings(
            String engine, int memory, String publish, List<String> arguments, Map<String, String> ambient) {

        /** Copies both. */
        public Settings {
            arguments = List.copyOf(arguments);
            ambient = Map.copyOf(ambient);
        }
    }

    /** Sets the engine.
     *
     *  @param settings how a container is started */
    public EngineRun(Settings settings) {
        this.settings = settings;
        this.engine = new EngineProgram(settings.engine());
    }

    /** {@return what would run}
     *
     *  @param release which release
     *  @throws ReleaseException.Unhealthy if a variable is missing
     *  @throws ReleaseException.Unreachable if there is no such engine, or it can't load the image */
    public Prepared prepare(RunnableRelease release) {
        LocalRun.requireVariables(release.id(), release.needed(), settings.ambient());
        Optional<Path> tar = release.store().file(release.name());
        String image = tar.map(file -> engine.load(file, release.image())).orElse(release.name());
        String owner = owner(release, tar);
        String container = owner + "-" + Long.toHexString(System.nanoTime());
        List<String> command = new ArrayList<>(List.of(settings.engine(), "run", "--rm", "--name", container));
        command.addAll(List.of("--label", RUN_LABEL + "=" + owner));
        command.addAll(limits());
        command.addAll(variables(release));
        command.addAll(port(release));
        command.addAll(volumes(release, owner));
        command.addAll(settings.arguments());
        command.add(image);
        return new Prepared(
                command,
                settings.ambient(),
                Path.of("").toAbsolutePath(),
                new Prepared.Ending(Optional.of(engine.stop(container, release.grace())), release.grace()),
                Optional.empty(),
                leftovers(owner));
    }

    private List<String> limits() {
        return List.of(
                // An init, since many programs as the first process of a container do not end at SIGTERM.
                "--init",
                "--read-only",
                "--tmpfs",
                "/tmp",
                "--memory",
                settings.memory() + "m",
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
        String outside = settings.ambient().getOrDefault(variable, inside);
        return List.of("--publish", settings.publish() + ":" + outside + ":" + inside);
    }

    /** Only what the image declares as a volume: one over any other folder would hold the first release's files, and serve
     *  them in the place of every later one's. */
    private static List<String> volumes(RunnableRelease release, String owner) {
        List<String> options = new ArrayList<>();
        for (String folder : release.image().volumes()) {
            options.addAll(List.of("--volume", owner + "-" + AppNames.volume(folder) + ":" + folder));
        }
        return options;
    }

    /** Whose the volumes are: one app's in one environment. A tar's app is also told by where its images lie, since two
     *  projects may call theirs the same. */
    private static String owner(RunnableRelease release, Optional<Path> tar) {
        String app = AppNames.app(release.image(), release.name());
        String place = tar.map(EngineRun::place).orElse("");
        return "release-" + app + place + "-" + release.id().environment();
    }

    private static String place(Path tar) {
        String folder = String.valueOf(tar.toAbsolutePath().normalize().getParent());
        return "-" + Digest.of(folder.getBytes(StandardCharsets.UTF_8)).shortText();
    }

    private List<String> leftovers(String owner) {
        return engine.containers(RUN_LABEL + "=" + owner).stream()
                .map(name -> "container " + name + " still runs from an earlier run; stop it with " + settings.engine()
                        + " stop " + name)
                .toList();
    }
}
