package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.action.SourcedRelease;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class HistoryCommand extends Command {

    private final Session session;
    private final OneEnvironment on = new OneEnvironment(this);
    private final Input<Integer> limit = option("--limit", "N", int.class, "20", "At max so many. Default: 20");

    HistoryCommand(Session session) {
        super(
                "List an environment's releases, newest first.",
                "Examples:",
                "  release history prod",
                "  release history prod --limit 5 --output json");
        this.session = session;
    }

    @Override
    int run() {
        int max = limit.value();
        if (max < 1) {
            throw new ReleaseException.Usage("--limit: expected 1 or more, got " + max);
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
