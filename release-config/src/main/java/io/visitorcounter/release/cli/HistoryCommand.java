package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "history",
        description = "List an environment's releases, newest first.",
        footer = {"", "Examples:", "  release history prod", "  release history prod --limit 5 --output json"})
final class HistoryCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many. Default: 20")
    int limit = 20;

    HistoryCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ReleaseException.Usage("release history: --limit: expected 1 or more, got " + limit);
        }
        List<Release> releases = new History(top.site()).list(on.environment, limit);
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("History").put("environment", on.environment.name());
            var list = json.putArray("releases");
            releases.forEach(release -> list.add(printer.release(release)));
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RELEASE", "WHAT", "APP", "BUNDLE", "WHEN", "BY", "WHY"));
        releases.forEach(release -> rows.add(List.of(
                release.id().label(),
                release.what().word()
                        + release.from().map(from -> " from " + from.label()).orElse(""),
                release.content().appImage().digest().shortText(),
                release.content().bundle().shortText(),
                release.act().at().toString(),
                Sentences.oneLine(release.act().by()),
                Sentences.oneLine(release.act().why().orElse("")))));
        printer.table(rows);
        return ExitCode.DONE.code();
    }
}
