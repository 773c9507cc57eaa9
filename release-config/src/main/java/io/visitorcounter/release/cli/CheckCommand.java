package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Render;

final class CheckCommand extends Command {

    private final Input<Environment> environment =
            optionalArgument("ENV", Environment::new, "The environment, such as prod");
    private final Input<Boolean> all = flag("--all", "Every environment that has a file");
    private final ContractOptions contract = new ContractOptions(this);

    CheckCommand() {
        super(
                "Show everything that is wrong with an environment's config, and release nothing.",
                "Examples:",
                "  release check prod",
                "  release check --all --contract config.schema.json");
    }

    @Override
    Output run(Session session) {
        if (all.value() == environment.given().isPresent()) {
            throw new ReleaseException.Usage("release check: expected an environment or --all, got "
                    + (all.value() ? "both" : "none") + "; see release check --help");
        }
        Render.CheckedEnvironments checked = new Render(session.workspace(), contract.choice(session))
                .check(environment.given().stream().toList());
        checked.warnings().forEach(session.printer()::warning);
        var json = Output.document("Check");
        var environments = json.putArray("environments");
        checked.environments().forEach(each -> environments.add(each.name()));
        checked.warnings().forEach(json.putArray("warnings")::add);
        return Output.of(json, printer -> checked.environments().forEach(each -> printer.line(each + ": good")));
    }
}
