package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Manifest;

final class ManifestCommand extends Command {

    private final ReleaseCommand top;

    private final OneRelease on = new OneRelease(this);
    private final Input<Manifest.Form> form =
            requiredOption("--format", "FORM", Manifest.Form.class, "kubernetes or compose");
    private final Input<Integer> replicas = option("--replicas", "N", int.class, "1", "How many processes. Default: 1");
    private final Input<Integer> memory =
            option("--memory", "MIB", int.class, "256", "What each process gets at most, in MiB. Default: 256");
    private final Input<String> storage = option(
            "--storage",
            "SIZE",
            "kubernetes: keep what the image's volumes hold, in a claim of this size, such as 1Gi");

    ManifestCommand(ReleaseCommand top) {
        super(
                "Print what a platform needs to run a release: its image by digest, its number, its secrets' names.",
                "Examples:",
                "  release manifest prod --format kubernetes | kubectl apply -f -",
                "  release manifest prod@v4 --format kubernetes --replicas 3 --memory 512",
                "  release manifest test --format compose > compose.yaml && docker compose up -d",
                "",
                "Kubernetes: a Deployment that replaces its pods one by one and never has fewer, its Service, a disruption",
                "budget from two replicas on, a claim where --storage is given. One namespace for each environment. Secrets",
                "come from the Secret of the app's name. Who serves HTTP at HTTP_PORT answers /health/live and /health/ready.");
        this.top = top;
    }

    @Override
    int run() {
        Target of = on.target();
        var printed = new Manifest(top.workspace())
                .run(
                        of.environment(),
                        of.version(),
                        form.value(),
                        new Manifest.Scale(replicas.value(), memory.value(), storage.given()));
        Printer printer = new Printer(top);
        printed.warnings().forEach(warning -> printer.note("warning: " + of.environment() + ": " + warning));
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
