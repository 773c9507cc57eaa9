package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Promote;
import java.util.Optional;

final class PromoteCommand extends Command {

    private final ReleaseCommand top;
    private final Input<Target> first = argument(
            "[FROM[@vN]]",
            Target::parse,
            "Whose build; of its newest release, or of the one that is named. Default: what TO's file says in"
                    + " promote-from");
    private final Input<Environment> second =
            optionalArgument("TO", Environment::new, "The environment that gets the release");
    private final Input<String> app = option(
            "--app", "IMAGE", "The build that is meant, as create takes it: refused, if FROM has another by now");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    PromoteCommand(ReleaseCommand top) {
        super(
                "Make a release of the very build that another environment runs, with this environment's config.",
                "Examples:",
                "  release promote test             # from where test's file says: promote-from = dev",
                "  release promote dev test",
                "  release promote test prod --confirm prod --reason 'release of the week'",
                "  release promote dev test --app counter-web/target/jib-image.json     # this build or none",
                "  release promote test@v7 prod --dry-run");
        this.top = top;
    }

    @Override
    int run() {
        Printer printer = new Printer(top);
        Target source = first.value();
        boolean fromFile = second.given().isEmpty();
        if (fromFile && source.version().isPresent()) {
            throw new ReleaseException.Usage("release promote: expected the environment that gets the build of "
                    + source.environment() + "@v" + source.version().get() + ", got none");
        }
        ActionResult result = new Promote(top.workspace())
                .run(
                        new Promote.Request(
                                fromFile ? Optional.empty() : Optional.of(source.environment()),
                                source.version(),
                                second.given().orElse(source.environment()),
                                app.given().map(top::app),
                                releasing.why(),
                                releasing.confirmation(top),
                                releasing.dryRun()),
                        preview -> show(printer, preview));
        printer.result(result);
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
