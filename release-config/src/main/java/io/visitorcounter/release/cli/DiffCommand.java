package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.action.Diff;

final class DiffCommand extends Command {

    private final ReleaseCommand top;
    private final OneEnvironment on = new OneEnvironment(this);
    private final Input<Integer> before =
            optionalArgument("vA", ReleaseId::version, "The one. Default: the last before the other");
    private final Input<Integer> after = optionalArgument("vB", ReleaseId::version, "The other. Default: the newest");
    private final Input<Boolean> exitCode = flag("--exit-code", "Exit with 3 if they differ");

    DiffCommand(ReleaseCommand top) {
        super(
                "Tell two releases of an environment apart.",
                "Examples:",
                "  release diff prod               # the newest and the one before",
                "  release diff prod v3 v12 --exit-code");
        this.top = top;
    }

    @Override
    int run() {
        Diff.Difference difference = new Diff(top.workspace()).run(on.environment(), before.given(), after.given());
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("Diff")
                    .put("before", difference.before().id().toString())
                    .put("after", difference.after().id().toString())
                    .put("otherBuild", difference.isOtherBuild())
                    .put("otherContract", difference.isOtherContract());
            var list = json.putArray("config");
            difference.config().forEach(change -> {
                var node = list.addObject().put("key", change.key());
                change.before().ifPresent(value -> node.put("before", value));
                change.after().ifPresent(value -> node.put("after", value));
            });
            printer.json(json);
        } else {
            print(printer, difference);
        }
        return (exitCode.value() && !difference.isNone() ? ExitCode.DIFFERENT : ExitCode.DONE).code();
    }

    private static void print(Printer printer, Diff.Difference difference) {
        String names = difference.before().id().label() + " and "
                + difference.after().id().label();
        if (difference.isNone()) {
            printer.line(names + " are the same");
            return;
        }
        printer.line(difference.before().id().label() + " → "
                + difference.after().id().label());
        if (difference.isOtherBuild()) {
            printer.line("  ~ app: "
                    + difference.before().content().appImage().digest().shortText() + " → "
                    + difference.after().content().appImage().digest().shortText());
        }
        if (difference.isOtherContract()) {
            printer.line("  ~ contract: another");
        }
        difference.config().forEach(change -> printer.line("  " + printer.change(change, printer.isColoured())));
    }
}
