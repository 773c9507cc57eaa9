package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Contract;
import java.util.List;

final class SchemaCommand extends Command {

    private final Input<Environment> environment =
            optionalArgument("ENV", Environment::new, "An environment; the build is that of its newest release");
    private final ContractOptions options = new ContractOptions(this);

    SchemaCommand() {
        super(
                "Print which config a build understands, as a table.",
                "Examples:",
                "  release schema --app counter-web/target/jib-image.tar",
                "  release schema prod       # of the build that prod runs");
    }

    @Override
    Output run(Session session) {
        Render render = new Render(session.workspace(), options.choice(session));
        Contract contract = environment.given().map(render::contract).orElseGet(render::contract);
        var json = Output.document("Schema")
                .put("contractDigest", contract.digest().text());
        var keys = json.putArray("keys");
        for (Contract.Key key : contract.keys()) {
            var node = keys.addObject()
                    .put("key", key.path())
                    .put("type", key.type())
                    .put("range", key.range());
            key.defaultText().ifPresent(text -> node.put("default", text));
            key.env().ifPresent(variable -> node.put("variable", variable));
            node.put("secret", key.secret()).put("description", key.description());
        }
        return Output.of(
                json,
                printer -> printer.table(
                        List.of("KEY", "VARIABLE", "VALUE", "DEFAULT", "DESCRIPTION"),
                        contract.keys().stream().map(SchemaCommand::row)));
    }

    private static List<String> row(Contract.Key key) {
        return List.of(
                key.path(),
                key.env().orElse(""),
                key.secret() ? "a secret" : (key.type() + " " + key.range()).strip(),
                key.defaultText().orElse(""),
                key.description());
    }
}
