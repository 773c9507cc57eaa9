package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Explanation;
import java.util.Locale;

final class ExplainCommand extends Command {

    private final Input<Environment> on = environment();
    private final Input<String> key = argument("KEY", String.class, "The key, such as redis.port");
    private final ContractOptions contract = new ContractOptions(this);

    ExplainCommand() {
        super("Show where a key's value comes from, hop by hop.", "Examples:", "  release explain prod redis.port");
    }

    @Override
    Output run(Session session) {
        Explanation explanation =
                new Render(session.workspace(), contract.choice(session)).explain(on.value(), key.value());
        var json = Output.document("Explanation")
                .put("environment", on.value().name())
                .put("key", explanation.key());
        explanation.value().ifPresent(value -> json.put("value", value));
        var hops = json.putArray("hops");
        explanation
                .hops()
                .forEach(hop -> hops.addObject()
                        .put("kind", ValueReader.word(hop.kind()))
                        .put("file", hop.file())
                        .put("line", hop.line())
                        .put("key", hop.key())
                        .put("text", hop.text()));
        return Output.of(json, printer -> {
            printer.line(explanation.key() + " = " + explanation.value().orElse("(none)"));
            explanation
                    .hops()
                    .forEach(hop -> printer.line(String.format(
                            Locale.ROOT,
                            "  %-8s  %s%s",
                            ValueReader.word(hop.kind()),
                            hop,
                            hop.key().equals(explanation.key()) ? "" : "  (" + hop.key() + ")")));
        });
    }
}
