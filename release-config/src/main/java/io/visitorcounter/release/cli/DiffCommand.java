package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Diff;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = "Tell two releases of an environment apart.",
        footer = {
            "",
            "Examples:",
            "  release diff prod               # the newest and the one before",
            "  release diff prod v3 v12 --exit-code"
        })
final class DiffCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "vA",
            converter = Arguments.VersionConverter.class,
            description = "The one. Default: the last before the other")
    @Nullable Integer before;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "vB",
            converter = Arguments.VersionConverter.class,
            description = "The other. Default: the newest")
    @Nullable Integer after;

    @Option(names = "--exit-code", description = "Exit with 3 if they differ")
    boolean exitCode;

    DiffCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Diff.Difference difference =
                new Diff(top.site()).run(on.environment, Optional.ofNullable(before), Optional.ofNullable(after));
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
        return (exitCode && !difference.isNone() ? ExitCode.DIFFERENT : ExitCode.DONE).code();
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
