package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;

final class HistoryCommand extends Command {

    private final ReleaseCommand top;
    private final OneEnvironment on = new OneEnvironment(this);
    private final Input<Integer> limit = option("--limit", "N", int.class, "20", "At max so many. Default: 20");

    HistoryCommand(ReleaseCommand top) {
        super(
                "List an environment's releases, newest first.",
                "Examples:",
                "  release history prod",
                "  release history prod --limit 5 --output json");
        this.top = top;
    }

    @Override
    int run() {
        int max = limit.value();
        if (max < 1) {
            throw new ReleaseException.Usage("release history: --limit: expected 1 or more, got " + max);
        }
        List<Release> releases = new History(top.workspace()).list(on.environment(), max);
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("History")
                    .put("environment", on.environment().name());
            var list = json.putArray("releases");
            releases.forEach(release -> list.add(printer.release(release)));
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RELEASE", "WHAT", "APP", "BUNDLE", "WHEN", "BY", "WHY"));
        releases.forEach(release -> rows.add(List.of(
                release.id().label(),
                release.origin().word()
                        + release.from().map(from -> " from " + from.label()).orElse(""),
                release.content().appImage().digest().shortText(),
                release.content().bundle().shortText(),
                release.audit().at().toString(),
                Sentences.oneLine(release.audit().by()),
                Sentences.oneLine(release.audit().why().orElse("")))));
        printer.table(rows);
        return ExitCode.DONE.code();
    }
}
