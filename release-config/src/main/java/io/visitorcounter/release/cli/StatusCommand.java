package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Running;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.action.Status;
import java.util.ArrayList;
import java.util.List;

final class StatusCommand extends Command {

    private final Input<Boolean> exitCode = flag("--exit-code", "Exit with 3 if anything has changed or differs");

    private final Input<Boolean> running =
            flag("--running", "Compare what runs with what was deployed, at every target of every environment");

    StatusCommand() {
        super(
                "Show what every environment has, and what has changed since.",
                "Examples:",
                "  release status",
                "  release status --exit-code   # 3 if anything has changed",
                "  release status --running --exit-code   # 3 if anything else runs than was deployed");
    }

    @Override
    Output run(Session session) {
        return running.value() ? running(session) : released(session);
    }

    private Output released(Session session) {
        List<Status.EnvironmentStatus> lines = new Status(session.workspace()).run();
        var json = Output.document("Status");
        var list = json.putArray("environments");
        lines.forEach(line -> {
            var node = list.addObject().put("environment", line.environment().name());
            line.current().ifPresent(release -> node.set("release", ReleaseJson.of(release)));
            line.freeze()
                    .ifPresent(freeze -> node.put("frozenSince", freeze.at().toString()));
            line.changes().forEach(node.putArray("changes")::add);
        });
        return Output.of(
                        json,
                        printer -> printer.table(
                                List.of("ENVIRONMENT", "RELEASE", "SOURCE", "APP", "BUNDLE", "SINCE", "REMARKS"),
                                lines.stream().map(StatusCommand::row)))
                .exiting(code(lines.stream().anyMatch(line -> !line.changes().isEmpty())));
    }

    private Output running(Session session) {
        List<Running.TargetStatus> lines = new Running(session.workspace(), session::engine).run();
        var json = Output.document("RunningStatus");
        var list = json.putArray("targets");
        lines.forEach(line -> {
            var node = list.addObject()
                    .put("environment", line.environment().name())
                    .put("target", line.target())
                    .put("where", line.where());
            line.healthy()
                    .ifPresent(begun -> node.put(
                                    "release", begun.subject().release().toString())
                            .put("deployment", begun.number()));
            line.look().ifPresent(look -> node.put("wanted", look.wanted()).put("ready", look.ready()));
            line.differences().forEach(node.putArray("differences")::add);
        });
        return Output.of(
                        json,
                        printer -> printer.table(
                                List.of("ENVIRONMENT", "TARGET", "DEPLOYED", "NUMBER", "READY", "REMARKS"),
                                lines.stream().map(StatusCommand::row)))
                .exiting(
                        code(lines.stream().anyMatch(line -> !line.differences().isEmpty())));
    }

    private ExitCode code(boolean different) {
        return exitCode.value() && different ? ExitCode.DIFFERENT : ExitCode.DONE;
    }

    private static List<String> row(Running.TargetStatus line) {
        return List.of(
                line.environment().name(),
                line.where(),
                line.healthy().map(begun -> begun.subject().release().label()).orElse("none yet"),
                line.healthy().map(begun -> Integer.toString(begun.number())).orElse(""),
                line.look().map(look -> look.ready() + " of " + look.wanted()).orElse(""),
                String.join(", ", line.differences()));
    }

    private static List<String> row(Status.EnvironmentStatus line) {
        List<String> remarks = new ArrayList<>();
        line.freeze()
                .ifPresent(freeze -> remarks.add("frozen by " + freeze.audit().by()
                        + freeze.audit().why().map(why -> " (" + why + ")").orElse("")));
        remarks.addAll(line.changes());
        String said = String.join(", ", remarks);
        return line.release()
                .map(release -> List.of(
                        line.environment().name(),
                        release.id().label(),
                        line.current().flatMap(SourcedRelease::shortSource).orElse(""),
                        release.app().shortText(),
                        release.content().bundle().shortText(),
                        release.at().toString(),
                        said))
                .orElse(List.of(line.environment().name(), "none yet", "", "", "", "", said));
    }
}
