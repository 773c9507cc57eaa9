package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Run;
import io.visitorcounter.release.run.EngineRun;
import io.visitorcounter.release.run.Supervision;
import java.util.List;
import java.util.Optional;

final class RunCommand extends Command {

    private final OneRelease on = OneRelease.of(this);
    private final Input<String> engine =
            option("--engine", "ENGINE", "Run it in docker or podman instead of a JVM of this machine");
    private final Input<Integer> memory =
            option("--memory", "MIB", int.class, "256", "The container's memory limit, in MiB. Default: 256");
    private final Input<String> publish = option(
            "--publish",
            "ADDRESS",
            String.class,
            "127.0.0.1",
            "The address that a container's port is published at; 0.0.0.0 means all. Default: 127.0.0.1");
    private final Input<List<String>> engineArguments = repeatedOption(
            "--engine-arg", "ARG", "A further argument of the engine's run, such as --engine-arg=--network=web");
    private final ImageOptions image = new ImageOptions(this);

    RunCommand() {
        super(
                "Run a release on this machine: the image's own files in a JVM of this machine.",
                "The process gets the release's config, the variables that hold its secrets, and HTTP_PORT; it works in",
                ".release/run/ENV, so what it keeps there outlives a restart. Ctrl-C stops it; its exit code becomes this command's.",
                "",
                "In an engine it gets a read-only root, no capabilities and no new privileges. The folders that the image declares",
                "as volumes are in volumes named after the app and the environment; nothing else outlives the container.",
                "",
                "Examples:",
                "  release run dev",
                "  HTTP_PORT=9090 release run dev@v3",
                "  release run dev --engine docker --publish 0.0.0.0 --engine-arg=--network=web");
    }

    @Override
    Output run(Session session) {
        int mebibytes = memory.value();
        if (mebibytes < 6) {
            throw new ReleaseException.Usage("release run: --memory: expected 6 or more MiB, got " + mebibytes);
        }
        Optional<EngineRun> container = engine.given()
                .filter(name -> !name.equals("jvm"))
                .map(name -> session.engineRun(
                        name,
                        mebibytes,
                        publish.value(),
                        engineArguments.given().orElse(List.of())));
        Run.Ready ready = new Run(session.workspace(), session.localRun())
                .prepare(on.target().environment(), on.target().version(), container, image.overrides());
        Printer printer = session.printer();
        printer.note("run      " + ReleaseOutput.line(ready.release(), ""));
        ready.process().notes().forEach(printer::warning);
        return Output.none(new Supervision(ready.release().id().label(), ready.process(), ready.explained()).await());
    }
}
