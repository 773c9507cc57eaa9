package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Manifest;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            "  release manifest prod@v4 --format kubernetes --replicas 3 --memory 512",
            "  release manifest test --format compose > compose.yaml && docker compose up -d",
            "",
            "Kubernetes: a Deployment that replaces its pods one by one and never has fewer, its Service, a disruption",
            "budget from two replicas on, a claim where --storage is given. One namespace for each environment. Secrets",
            "come from the Secret of the app's name. Who serves HTTP at HTTP_PORT answers /health/live and /health/ready."
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

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "256",
            description = "What each process gets at most, in MiB. Default: 256")
    int memory = 256;

    @Option(
            names = "--storage",
            paramLabel = "SIZE",
            description = "kubernetes: keep what the image's volumes hold, in a claim of this size, such as 1Gi")
    @Nullable String storage;

    ManifestCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        var printed = new Manifest(top.site())
                .run(
                        on.target.environment(),
                        on.target.version(),
                        form,
                        new Manifest.Scale(replicas, memory, Optional.ofNullable(storage)));
        Printer printer = new Printer(top);
        printed.warnings().forEach(warning -> printer.note("warning: " + on.target.environment() + ": " + warning));
        if (printer.isJson()) {
            var json = printer.object("Manifest");
            var list = json.putArray("documents");
            printed.documents().forEach(list::add);
            var warnings = json.putArray("warnings");
            printed.warnings().forEach(warnings::add);
            printer.json(json);
        } else {
            printer.line(Yaml.text(printed.documents()).stripTrailing());
        }
        return ExitCode.DONE.code();
    }
}
