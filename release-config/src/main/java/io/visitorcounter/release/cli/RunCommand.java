package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Run;
import io.visitorcounter.release.run.Supervision;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Run a release on this machine: the image's own files in a JVM of this machine.",
        footer = {
            "",
            "The process gets the release's config, the variables that hold its secrets, and HTTP_PORT; it works in",
            ".release/run/ENV, so what it keeps there outlives a restart. Ctrl-C stops it; its exit code is this one's.",
            "",
            "In an engine it gets a read-only root, no capability and no new privilege; what it keeps in the image's",
            "working folder lies in the volume release-ENV.",
            "",
            "Examples:",
            "  release run dev",
            "  HTTP_PORT=9090 release run dev@v3",
            "  release run dev --engine docker"
        })
final class RunCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneRelease on = new OneRelease();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "Run it in docker or podman instead of a JVM of this machine")
    @Nullable String engine;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "256",
            description = "What a container gets at most, in MiB. Default: 256")
    int memory = 256;

    RunCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        if (memory < 6) {
            throw new ReleaseException.Usage("release run: --memory: expected 6 or more MiB, got " + memory);
        }
        Run.Ready ready = new Run(top.site(), top.localRun())
                .prepare(
                        on.target.environment(),
                        on.target.version(),
                        Optional.ofNullable(engine)
                                .filter(name -> !name.equals("jvm"))
                                .map(name -> top.engineRun(name, memory)));
        Printer printer = new Printer(top);
        printer.note("run      " + printer.line(ready.release(), ""));
        return new Supervision(ready.release().id().label(), ready.process().start()).await();
    }
}
