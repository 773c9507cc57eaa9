package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Outcome;
import io.visitorcounter.release.action.Promote;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "promote",
        description = "Make a release of the very build that another environment runs, with this environment's config.",
        footer = {
            "",
            "Examples:",
            "  release promote test             # from where test's file says: promote-from = dev",
            "  release promote dev test",
            "  release promote test prod --confirm prod --reason 'release of the week'",
            "  release promote dev test --app counter-web/target/jib-image.json     # this build or none",
            "  release promote test@v7 prod --dry-run"
        })
final class PromoteCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            index = "0",
            paramLabel = "[FROM[@vN]]",
            converter = Target.Converter.class,
            description =
                    "Whose build; of its newest release, or of the one that is named. Default: what TO's file says"
                            + " in promote-from")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Target first;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TO",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment that gets the release")
    @Nullable Environment second;

    @Option(
            names = "--app",
            paramLabel = "IMAGE",
            description = "The build that is meant, as create takes it: refused, if FROM has another by now")
    @Nullable String app;

    @Mixin
    ReleasingOptions releasing = new ReleasingOptions();

    PromoteCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Printer printer = new Printer(top);
        Environment to = second == null ? first.environment() : second;
        if (second == null && first.version().isPresent()) {
            throw new ReleaseException.Usage("release promote: expected the environment that gets the build of "
                    + first.environment() + "@v" + first.version().get() + ", got none");
        }
        Outcome outcome = new Promote(top.site())
                .run(
                        new Promote.Request(
                                second == null ? Optional.empty() : Optional.of(first.environment()),
                                first.version(),
                                to,
                                Optional.ofNullable(app).flatMap(top::app),
                                releasing.why(),
                                releasing.confirmation(top),
                                releasing.dryRun),
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
