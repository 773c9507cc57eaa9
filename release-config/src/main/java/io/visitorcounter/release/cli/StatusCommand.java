package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Status;
import java.util.ArrayList;
import java.util.List;

final class StatusCommand extends Command {

    private final ReleaseCommand top;
    private final Input<Boolean> exitCode = flag("--exit-code", "Exit with 3 if anything has moved on");

    StatusCommand(ReleaseCommand top) {
        super(
                "Say what every environment has, and what has moved on since.",
                "Examples:",
                "  release status",
                "  release status --exit-code   # 3 if anything has moved on");
        this.top = top;
    }

    @Override
    int run() {
        List<Status.EnvironmentStatus> lines = new Status(top.workspace()).run();
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("Status");
            var list = json.putArray("environments");
            lines.forEach(line -> {
                var node =
                        list.addObject().put("environment", line.environment().name());
                line.release().ifPresent(release -> node.set("release", printer.release(release)));
                line.freeze()
                        .ifPresent(freeze ->
                                node.put("frozenSince", freeze.audit().at().toString()));
                var changes = node.putArray("changes");
                line.changes().forEach(changes::add);
            });
            printer.json(json);
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("ENVIRONMENT", "RELEASE", "APP", "BUNDLE", "SINCE", "REMARKS"));
            lines.forEach(line -> rows.add(row(line)));
            printer.table(rows);
        }
        boolean moved = lines.stream().anyMatch(line -> !line.changes().isEmpty());
        return (exitCode.value() && moved ? ExitCode.DIFFERENT : ExitCode.DONE).code();
    }

    private static List<String> row(Status.EnvironmentStatus line) {
        List<String> remarks = new ArrayList<>();
        line.freeze()
                .ifPresent(freeze -> remarks.add("frozen by " + freeze.audit().by()
                        + freeze.audit().why().map(why -> " (" + why + ")").orElse("")));
        remarks.addAll(line.changes());
        String said = Sentences.oneLine(String.join(", ", remarks));
        return line.release()
                .map(release -> List.of(
                        line.environment().name(),
                        release.id().label(),
                        release.content().appImage().digest().shortText(),
                        release.content().bundle().shortText(),
                        release.audit().at().toString(),
                        said))
                .orElse(List.of(line.environment().name(), "none yet", "", "", "", said));
    }
}
