package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Render;
import io.visitorcounter.release.config.Explanation;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Say where a key's value comes from, hop by hop.",
        footer = {"", "Examples:", "  release explain prod redis.port"})
final class ExplainCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, such as redis.port")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    String key;

    @Mixin
    ContractOptions contract = new ContractOptions();

    ExplainCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        Explanation explanation = new Render(top.site(), contract.choice(top)).explain(on.environment, key);
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("Explanation")
                    .put("environment", on.environment.name())
                    .put("key", explanation.key());
            explanation.value().ifPresent(value -> json.put("value", value));
            var hops = json.putArray("hops");
            explanation
                    .hops()
                    .forEach(hop -> hops.addObject()
                            .put("kind", hop.kind().name().toLowerCase(Locale.ROOT))
                            .put("file", hop.file())
                            .put("line", hop.line())
                            .put("key", hop.key())
                            .put("text", hop.text()));
            printer.json(json);
        } else {
            printer.line(explanation.key() + " = " + explanation.value().orElse("(none)"));
            explanation
                    .hops()
                    .forEach(hop -> printer.line(String.format(
                            Locale.ROOT,
                            "  %-8s  %s%s",
                            hop.kind().name().toLowerCase(Locale.ROOT),
                            hop,
                            hop.key().equals(explanation.key()) ? "" : "  (" + hop.key() + ")")));
        }
        return ExitCode.DONE.code();
    }
}
