package io.visitorcounter.release.cli;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.Running;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.action.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    int run(Session session) {
        if (running.value()) {
            return running(session);
        }
        List<Status.EnvironmentStatus> lines = new Status(session.workspace()).run();
        Printer printer = session.printer();
        if (printer.isJson()) {
            var json = printer.object("Status");
            var list = json.putArray("environments");
            lines.forEach(line -> {
                var node =
                        list.addObject().put("environment", line.environment().name());
                line.current().ifPresent(release -> node.set("release", ReleaseJson.of(release)));
                line.freeze()
                        .ifPresent(freeze -> node.put("frozenSince", freeze.at().toString()));
                line.changes().forEach(node.putArray("changes")::add);
            });
            printer.json(json);
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("ENVIRONMENT", "RELEASE", "SOURCE", "APP", "BUNDLE", "SINCE", "REMARKS"));
            lines.forEach(line -> rows.add(row(line)));
            printer.table(rows);
        }
        boolean moved = lines.stream().anyMatch(line -> !line.changes().isEmpty());
        return (exitCode.value() && moved ? ExitCode.DIFFERENT : ExitCode.DONE).code();
    }

    private int running(Session session) {
        List<Running.TargetStatus> lines = new Running(session.workspace(), session::engine).run(Optional.empty());
        Printer printer = session.printer();
        if (printer.isJson()) {
            var json = printer.object("RunningStatus");
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
            printer.json(json);
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("ENVIRONMENT", "TARGET", "DEPLOYED", "NUMBER", "READY", "REMARKS"));
            lines.forEach(line -> rows.add(List.of(
                    line.environment().name(),
                    line.where(),
                    line.healthy()
                            .map(begun -> begun.subject().release().label())
                            .orElse("none yet"),
                    line.healthy()
                            .map(begun -> Integer.toString(begun.number()))
                            .orElse(""),
                    line.look()
                            .map(look -> look.ready() + " of " + look.wanted())
                            .orElse(""),
                    PrintableText.oneLine(String.join(", ", line.differences())))));
            printer.table(rows);
        }
        boolean other = lines.stream().anyMatch(line -> !line.differences().isEmpty());
        return (exitCode.value() && other ? ExitCode.DIFFERENT : ExitCode.DONE).code();
    }

    private static List<String> row(Status.EnvironmentStatus line) {
        List<String> remarks = new ArrayList<>();
        line.freeze()
                .ifPresent(freeze -> remarks.add("frozen by " + freeze.audit().by()
                        + freeze.audit().why().map(why -> " (" + why + ")").orElse("")));
        remarks.addAll(line.changes());
        String said = PrintableText.oneLine(String.join(", ", remarks));
        return line.release()
                .map(release -> List.of(
                        line.environment().name(),
                        release.id().label(),
                        line.current()
                                .flatMap(SourcedRelease::source)
                                .map(Commit::shortened)
                                .orElse(""),
                        release.app().shortText(),
                        release.content().bundle().shortText(),
                        release.at().toString(),
                        said))
                .orElse(List.of(line.environment().name(), "none yet", "", "", "", "", said));
    }
}
