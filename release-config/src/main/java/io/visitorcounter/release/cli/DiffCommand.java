package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Diff;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class DiffCommand extends Command {

    private final Input<Target> first = argument("ENV[@vA]", Target::parse, "The environment, and the first release");
    private final Input<Target.VersionWord> second =
            optionalArgument("vA", Target.VersionWord::parse, "The first release. Default: the last before the second");
    private final Input<Target.VersionWord> third =
            optionalArgument("vB", Target.VersionWord::parse, "The second release. Default: the newest");
    private final Input<Boolean> exitCode = flag("--exit-code", "Exit with 3 if they differ");

    DiffCommand() {
        super(
                "Show what differs between two releases of an environment.",
                "Examples:",
                "  release diff prod               # the newest and the one before",
                "  release diff prod v3 v12 --exit-code");
    }

    @Override
    Output run(Session session) {
        Diff.Difference difference = difference(session);
        var json = Output.document("Diff")
                .put("before", difference.older().release().id().toString())
                .put("after", difference.newer().release().id().toString())
                .put("otherBuild", difference.isOtherBuild())
                .put("otherContract", difference.isOtherContract());
        source(difference).ifPresent(text -> json.put("source", text));
        var list = json.putArray("config");
        difference.config().forEach(change -> {
            var node = list.addObject().put("key", change.key());
            change.before().ifPresent(value -> node.put("before", value));
            change.after().ifPresent(value -> node.put("after", value));
        });
        return Output.of(json, printer -> print(printer, difference))
                .exiting(exitCode.value() && !difference.isNone() ? ExitCode.DIFFERENT : ExitCode.DONE);
    }

    private Diff.Difference difference(Session session) {
        Environment environment = first.value().environment();
        List<Integer> versions = new ArrayList<>();
        first.value().version().ifPresent(versions::add);
        second.given().ifPresent(word -> versions.add(word.in(environment)));
        third.given().ifPresent(word -> versions.add(word.in(environment)));
        if (versions.size() > 2) {
            throw new ReleaseException.Usage("release diff: expected two releases, got three");
        }
        return new Diff(session.workspace())
                .run(
                        environment,
                        versions.stream().findFirst(),
                        versions.stream().skip(1).findFirst());
    }

    private static void print(Printer printer, Diff.Difference difference) {
        Release older = difference.older().release();
        Release newer = difference.newer().release();
        if (difference.isNone()) {
            printer.line(older.id().label() + " and " + newer.id().label() + " are the same");
            return;
        }
        printer.line(older.id().label() + " → " + newer.id().label());
        if (difference.isOtherBuild()) {
            printer.line(
                    "  ~ app: " + older.app().shortText() + " → " + newer.app().shortText());
        }
        source(difference).ifPresent(text -> printer.line("  ~ source: " + text));
        if (difference.isOtherContract()) {
            printer.line("  ~ contract: another");
        }
        difference.config().forEach(printer::change);
    }

    /** The range of the app's commits between the two, in the form that git log takes. */
    private static Optional<String> source(Diff.Difference difference) {
        Optional<String> from = difference.older().source();
        Optional<String> to = difference.newer().source();
        return from.equals(to)
                ? Optional.empty()
                : Optional.of(difference.older().shortSource().orElse("unknown") + ".."
                        + difference.newer().shortSource().orElse("unknown"));
    }
}
