package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Promote;
import java.util.Optional;
import java.util.function.Function;

final class PromoteCommand extends Command {

    private final Input<Target> first = argument(
            "[FROM[@vN]]",
            Target::parse,
            "Where the build comes from: its newest release, or the named one. Default: what TO's file says in"
                    + " promote-from");
    private final Input<String> second = optionalArgument(
            "TO", Function.identity(), "The environment that gets the release; or vN, followed by that environment");
    private final Input<Environment> third = optionalArgument("TO", Environment::new, "The environment, after FROM vN");
    private final Input<String> app =
            option("--app", "IMAGE", "The expected build, as for create; refused if FROM has another one by now");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    PromoteCommand() {
        super(
                "Make a release from exactly the build that another environment has, with this environment's config.",
                "Examples:",
                "  release promote test             # from dev, if test's file says promote-from = dev",
                "  release promote dev test",
                "  release promote test prod --confirm prod --reason 'release of the week'",
                "  release promote dev test --app counter-web/target/jib-image.json     # this build or none",
                "  release promote test@v7 prod --dry-run");
    }

    @Override
    Output run(Session session) {
        Printer printer = session.printer();
        Target source = source();
        Optional<Environment> to = third.given().or(() -> second.given().map(PromoteCommand::environment));
        boolean fromFile = to.isEmpty();
        if (fromFile && source.version().isPresent()) {
            throw new ReleaseException.Usage("release promote: expected the environment that gets the build of "
                    + source.environment() + "@v" + source.version().get() + ", got none");
        }
        ActionResult result = new Promote(session.workspace(releasing.dryRun()))
                .run(
                        new Promote.Request(
                                fromFile ? Optional.empty() : Optional.of(source.environment()),
                                source.version(),
                                to.orElse(source.environment()),
                                app.given().map(session::app),
                                releasing.options(session)),
                        preview -> show(printer, preview));
        return ReleaseOutput.of(result, printer);
    }

    // FROM, FROM@vN, or FROM vN before a third word.
    private Target source() {
        Target source = first.value();
        if (third.given().isEmpty()) {
            return source;
        }
        try {
            return source.with(second.given().map(Target.VersionWord::parse));
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Usage("release promote: " + e.getMessage());
        }
    }

    private static Environment environment(String name) {
        try {
            return new Environment(name);
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Usage("release promote: " + e.getMessage());
        }
    }

    static void show(Printer printer, Promote.Preview preview) {
        printer.note("promote  " + preview.source().id().label() + " to "
                + preview.target()
                        .map(release -> release.id().environment() + ", which has "
                                + release.id().label())
                        .orElse("an environment without a release"));
        preview.config().forEach(printer::foreseen);
    }
}
