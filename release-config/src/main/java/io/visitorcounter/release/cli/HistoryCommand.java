package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class HistoryCommand extends Command {

    private final Session session;
    private final OneEnvironment on = new OneEnvironment(this);
    private final Input<Integer> limit = option("--limit", "N", int.class, "20", "At max so many. Default: 20");

    private final Input<Boolean> deployments =
            flag("--deployments", "What was brought up, instead of what was released");

    HistoryCommand(Session session) {
        super(
                "List an environment's releases or deployments, newest first.",
                "Examples:",
                "  release history prod",
                "  release history prod --limit 5 --output json",
                "  release history prod --deployments");
        this.session = session;
    }

    @Override
    int run() {
        int max = limit.value();
        if (max < 1) {
            throw new ReleaseException.Usage("--limit: expected 1 or more, got " + max);
        }
        if (deployments.value()) {
            return deployments(max);
        }
        List<SourcedRelease> releases = new History(session.workspace()).list(on.environment(), max);
        Printer printer = session.printer();
        if (printer.isJson()) {
            var json = printer.object("History")
                    .put("environment", on.environment().name());
            var list = json.putArray("releases");
            releases.forEach(release -> list.add(ReleaseJson.of(release)));
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RELEASE", "WHAT", "SOURCE", "APP", "BUNDLE", "WHEN", "BY", "WHY"));
        releases.forEach(each -> rows.add(row(each.release(), each.source())));
        printer.table(rows);
        return ExitCode.DONE.code();
    }

    private int deployments(int max) {
        List<DeploymentRecord.Course> courses = new History(session.workspace()).deployments(on.environment(), max);
        Printer printer = session.printer();
        if (printer.isJson()) {
            var json = printer.object("DeploymentHistory")
                    .put("environment", on.environment().name());
            var list = json.putArray("deployments");
            courses.forEach(course -> list.add(DeploymentJson.of(course.begun(), course.ended())));
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NUMBER", "RELEASE", "TARGET", "OUTCOME", "SECONDS", "WHEN", "BY", "REASON"));
        courses.forEach(course -> rows.add(List.of(
                Integer.toString(course.begun().number()),
                course.begun().subject().release().label(),
                course.begun().place().where(),
                course.ended().map(end -> end.result().word()).orElse("under way"),
                course.ended()
                        .map(end -> Long.toString(end.figures().seconds()))
                        .orElse(""),
                course.begun().audit().at().toString(),
                course.begun().audit().by(),
                course.ended().flatMap(DeploymentEnd::reason).orElse(""))));
        printer.table(rows);
        return ExitCode.DONE.code();
    }

    private static List<String> row(Release release, Optional<String> source) {
        return List.of(
                release.id().label(),
                release.origin().word()
                        + release.from().map(from -> " from " + from.label()).orElse(""),
                source.map(Commit::shortened).orElse(""),
                release.content().appImage().digest().shortText(),
                release.content().bundle().shortText(),
                release.audit().at().toString(),
                release.audit().by(),
                release.audit().why().orElse(""));
    }
}
