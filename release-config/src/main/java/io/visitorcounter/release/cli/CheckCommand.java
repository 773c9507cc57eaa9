package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Render;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Say everything that is wrong with an environment's config, and release nothing.",
        footer = {"", "Examples:", "  release check prod", "  release check --all --contract config.schema.json"})
final class CheckCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            arity = "0..1",
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment, such as prod")
    @Nullable Environment environment;

    @Option(names = "--all", description = "Every environment that has a file")
    boolean all;

    @Mixin
    ContractOptions contract = new ContractOptions();

    CheckCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        if (all == (environment != null)) {
            throw new ReleaseException.Usage("release check: expected an environment or --all, got "
                    + (all ? "both" : "none") + "; see release check --help");
        }
        Render.Checked checked = new Render(top.site(), contract.choice(top))
                .check(environment == null ? List.of() : List.of(environment));
        Printer printer = new Printer(top);
        checked.warnings().forEach(warning -> printer.note("warning: " + warning));
        if (printer.isJson()) {
            var json = printer.object("Check");
            var environments = json.putArray("environments");
            checked.environments().forEach(each -> environments.add(each.name()));
            var warnings = json.putArray("warnings");
            checked.warnings().forEach(warnings::add);
            printer.json(json);
        } else {
            checked.environments().forEach(each -> printer.line(each + ": good"));
        }
        return ExitCode.DONE.code();
    }
}
