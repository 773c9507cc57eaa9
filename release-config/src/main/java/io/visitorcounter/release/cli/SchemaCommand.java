package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.ContractKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "schema",
        description = "Print which config a build understands, as a table.",
        footer = {
            "",
            "Examples:",
            "  release schema --app counter-web/target/jib-image.tar",
            "  release schema prod       # of the build that prod runs"
        })
final class SchemaCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Parameters(
            arity = "0..1",
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment whose newest release's build is meant")
    @Nullable Environment environment;

    @Mixin
    ContractOptions options = new ContractOptions();

    SchemaCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Render render = new Render(top.site(), options.choice(top));
        Contract contract = environment == null ? render.contract() : render.contract(environment);
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("Schema")
                    .put("contractDigest", contract.digest().text());
            var keys = json.putArray("keys");
            for (ContractKey key : contract.keys()) {
                var node = keys.addObject()
                        .put("key", key.path())
                        .put("type", key.type())
                        .put("range", key.range());
                key.defaultText().ifPresent(text -> node.put("default", text));
                key.env().ifPresent(variable -> node.put("variable", variable));
                node.put("secret", key.secret()).put("description", key.description());
            }
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KEY", "VARIABLE", "VALUE", "DEFAULT", "DESCRIPTION"));
        contract.keys()
                .forEach(key -> rows.add(List.of(
                        key.path(),
                        key.env().orElse(""),
                        key.secret() ? "a secret" : (key.type() + " " + key.range()).strip(),
                        key.defaultText().orElse(""),
                        key.description())));
        printer.table(rows);
        return ExitCode.DONE.code();
    }
}
