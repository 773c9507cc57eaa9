package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Outcome;
import io.visitorcounter.release.action.Promote;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description = "Make a release of the very build that another environment runs, with this environment's config.",
        footer = {
            "",
            "Examples:",
            "  release promote dev test",
            "  release promote test prod --confirm prod --reason 'release of the week'",
            "  release promote dev test --app counter-web/target/jib-image.json     # this build or none",
            "  release promote test@v7 prod --dry-run"
        })
final class PromoteCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            index = "0",
            paramLabel = "FROM[@vN]",
            converter = Target.Converter.class,
            description = "Whose build; of its newest release, or of the one that is named")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Target from;

    @Parameters(
            index = "1",
            paramLabel = "TO",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment that gets the release")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Environment to;

    @Option(
            names = "--app",
            paramLabel = "IMAGE",
            description = "The build that is meant, as create takes it: refused, if FROM has another by now")
    @Nullable String app;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes into the history")
    @Nullable String reason;

    @Option(names = "--confirm", paramLabel = "ENV", description = "TO again, where its file asks for it")
    @Nullable String confirm;

    @Option(names = "--dry-run", description = "Print what would be released, and write nothing")
    boolean dryRun;

    PromoteCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Printer printer = new Printer(top);
        Outcome outcome = new Promote(top.site())
                .run(
                        new Promote.Request(
                                from.environment(),
                                from.version(),
                                to,
                                Optional.ofNullable(app).flatMap(top::app),
                                Arguments.words(reason),
                                Optional.ofNullable(confirm),
                                dryRun),
                        preview -> show(printer, preview));
        printer.outcome(outcome);
        return ExitCode.DONE.code();
    }

    private static void show(Printer printer, Promote.Preview preview) {
        printer.note("promote  " + preview.source().id().label() + " to "
                + preview.target()
                        .map(release -> release.id().environment() + ", which has "
                                + release.id().label())
                        .orElse("an environment without a release"));
        preview.config().forEach(change -> printer.note("  " + printer.change(change, printer.isColoured())));
    }
}
