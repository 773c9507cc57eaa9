package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Run;
import io.visitorcounter.release.run.Supervision;

final class RunCommand extends Command {

    private final ReleaseCommand top;
    private final OneRelease on = new OneRelease(this);
    private final Input<String> engine =
            option("--engine", "ENGINE", "Run it in docker or podman instead of a JVM of this machine");
    private final Input<Integer> memory =
            option("--memory", "MIB", int.class, "256", "What a container gets at most, in MiB. Default: 256");

    RunCommand(ReleaseCommand top) {
        super(
                "Run a release on this machine: the image's own files in a JVM of this machine.",
                "The process gets the release's config, the variables that hold its secrets, and HTTP_PORT; it works in",
                ".release/run/ENV, so what it keeps there outlives a restart. Ctrl-C stops it; its exit code is this one's.",
                "",
                "In an engine it gets a read-only root, no capability and no new privilege; what it keeps in the image's",
                "working folder lies in the volume release-ENV.",
                "",
                "Examples:",
                "  release run dev",
                "  HTTP_PORT=9090 release run dev@v3",
                "  release run dev --engine docker");
        this.top = top;
    }

    @Override
    int run() {
        int max = memory.value();
        if (max < 6) {
            throw new ReleaseException.Usage("release run: --memory: expected 6 or more MiB, got " + max);
        }
        Run.Ready ready = new Run(top.workspace(), top.localRun())
                .prepare(
                        on.target().environment(),
                        on.target().version(),
                        engine.given().filter(name -> !name.equals("jvm")).map(name -> top.engineRun(name, max)));
        Printer printer = new Printer(top);
        printer.note("run      " + printer.line(ready.release(), ""));
        return new Supervision(ready.release().id().label(), ready.process().start()).await();
    }
}
