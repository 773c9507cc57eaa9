package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
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

    private final Input<Environment> on = environment();
    private final Input<Integer> limit = option("--limit", "N", int.class, "20", "How many at most. Default: 20");

    private final Input<Boolean> deployments = flag("--deployments", "List deployments instead of releases");

    HistoryCommand() {
        super(
                "List an environment's releases or deployments, newest first.",
                "Examples:",
                "  release history prod",
                "  release history prod --limit 5 --output json",
                "  release history prod --deployments");
    }

    @Override
    Output run(Session session) {
        int max = limit.value();
        if (max < 1) {
            throw new ReleaseException.Usage("--limit: expected 1 or more, got " + max);
        }
        History history = new History(session.workspace());
        return deployments.value()
                ? ofDeployments(history.deployments(on.value(), max))
                : ofReleases(history.list(on.value(), max));
    }

    private Output ofReleases(List<SourcedRelease> releases) {
        var json = Output.document("History").put("environment", on.value().name());
        var list = json.putArray("releases");
        releases.forEach(release -> list.add(ReleaseJson.of(release)));
        boolean approved =
                releases.stream().anyMatch(release -> !release.approvedBy().isEmpty());
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("RELEASE", "WHAT", "SOURCE", "APP", "BUNDLE", "WHEN", "BY"));
        if (approved) {
            heading.add("APPROVED BY");
        }
        heading.add("WHY");
        for (int i = 0; i < releases.size(); i++) {
            Optional<Release> before =
                    i + 1 < releases.size() ? Optional.of(releases.get(i + 1).release()) : Optional.empty();
            rows.add(row(releases.get(i), before, approved));
        }
        return Output.of(json, printer -> printer.table(heading, rows.stream()));
    }

    private Output ofDeployments(List<DeploymentRecord.Course> courses) {
        var json = Output.document("DeploymentHistory")
                .put("environment", on.value().name());
        var list = json.putArray("deployments");
        courses.forEach(course -> list.add(DeploymentJson.of(course.begun(), course.ended())));
        return Output.of(
                json,
                printer -> printer.table(
                        List.of("NUMBER", "RELEASE", "TARGET", "OUTCOME", "SECONDS", "WHEN", "BY", "REASON"),
                        courses.stream().map(HistoryCommand::row)));
    }

    private static List<String> row(DeploymentRecord.Course course) {
        return List.of(
                Integer.toString(course.begun().number()),
                course.begun().subject().release().label(),
                course.begun().place().where(),
                course.ended().map(end -> end.result().word()).orElse("under way"),
                course.ended()
                        .map(end -> Long.toString(end.figures().seconds()))
                        .orElse(""),
                course.begun().at().toString(),
                course.begun().audit().by(),
                course.ended().flatMap(DeploymentEnd::reason).orElse(""));
    }

    // In ledger order, whatever the clocks said.
    private static List<String> row(SourcedRelease sourced, Optional<Release> before, boolean approved) {
        Release release = sourced.release();
        String earlier = before.filter(last -> release.at().isBefore(last.at()))
                .map(last -> " (a clock was wrong: after v" + last.id().version() + ")")
                .orElse("");
        List<String> row = new ArrayList<>(List.of(
                release.id().label(),
                release.how(),
                sourced.shortSource().orElse(""),
                release.app().shortText(),
                release.content().bundle().shortText(),
                release.at() + earlier,
                release.audit().by()));
        if (approved) {
            row.add(String.join(", ", sourced.approvedBy()));
        }
        row.add(release.audit().why().orElse(""));
        return row;
    }
}
