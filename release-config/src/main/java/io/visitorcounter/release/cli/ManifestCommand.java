package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Manifest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "manifest",
        description =
                "Print what a platform needs to run a release: its image by digest, its number, its secrets' names.",
        footer = {
            "",
            "Examples:",
            "  release manifest prod --format kubernetes | kubectl apply -f -",
            "  release manifest test@v4 --format compose > compose.yaml"
        })
final class ManifestCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneRelease on = new OneRelease();

    @Option(names = "--format", required = true, paramLabel = "FORM", description = "kubernetes or compose")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Manifest.Form form;

    @Option(names = "--replicas", paramLabel = "N", defaultValue = "1", description = "How many processes. Default: 1")
    int replicas = 1;

    ManifestCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        if (replicas < 0) {
            throw new ReleaseException.Usage("release manifest: --replicas: expected 0 or more, got " + replicas);
        }
        List<ObjectNode> documents =
                new Manifest(top.site()).run(on.target.environment(), on.target.version(), form, replicas);
        Printer printer = new Printer(top);
        if (printer.isJson()) {
            var json = printer.object("Manifest");
            var list = json.putArray("documents");
            documents.forEach(list::add);
            printer.json(json);
        } else {
            printer.line(documents.stream()
                    .map(Yaml::text)
                    .collect(Collectors.joining("---\n"))
                    .stripTrailing());
        }
        return ExitCode.DONE.code();
    }
}
