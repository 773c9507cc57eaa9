package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Manifest;
import io.visitorcounter.release.action.Yaml;
import java.time.Duration;

final class ManifestCommand extends Command {

    private final OneRelease on = OneRelease.of(this);
    private final Input<Manifest.Form> form =
            requiredOption("--format", "FORM", Manifest.Form.class, "kubernetes, compose or swarm");
    private final Input<Integer> replicas = option("--replicas", "N", int.class, "1", "How many processes. Default: 1");
    private final Input<Integer> memory =
            option("--memory", "MIB", int.class, "256", "The memory limit of each process, in MiB. Default: 256");
    private final Input<String> storage =
            option("--storage", "SIZE", "kubernetes: keep the image's volumes in a claim of this size, such as 1Gi");

    private final Input<String> publish = option(
            "--publish",
            "ADDRESS",
            String.class,
            "127.0.0.1",
            "compose: the address that the port is published at; 0.0.0.0 means all. Default: 127.0.0.1");
    private final Input<Integer> soak = option(
            "--soak",
            "SECONDS",
            int.class,
            "10",
            "kubernetes, swarm: how long a process must be ready before the next is replaced. Default: 10");
    private final Input<Integer> timeout = option(
            "--timeout",
            "SECONDS",
            int.class,
            "300",
            "kubernetes, swarm: how long the whole rollout may take. Default: 300");
    private final ImageOptions image = new ImageOptions(this);

    ManifestCommand() {
        super(
                "Print what a platform needs to run a release: its image by digest, its number, its secrets' names.",
                "Examples:",
                "  release manifest prod --format kubernetes | kubectl apply -f -",
                "  release manifest prod@v4 --format kubernetes --replicas 3 --memory 512",
                "  release manifest test --format compose > compose.yaml && docker compose up -d",
                "  release manifest prod --format swarm --replicas 2 | docker stack deploy --resolve-image never -c - prod",
                "",
                "Kubernetes: a Deployment that replaces its pods one by one and never has fewer than N, its Service, a",
                "disruption budget from two replicas on, a claim if --storage is given. One namespace for each environment.",
                "Secrets come from the Secret with the app's name. Port, probes and drain delay are what the image declares",
                "in its labels, or what the options say; nothing is guessed. Add what is specific to a cluster with a",
                "kustomization.",
                "",
                "Swarm: a service in the network APP-ENVIRONMENT, such as counter-web-prod, which you make once with docker",
                "network create --driver overlay. It publishes no port: a proxy in that network finds the tasks as tasks.APP.",
                "A secret is a file, from the Swarm secret APP-ENVIRONMENT-VARIABLE. The image needs a HEALTHCHECK or the",
                "label io.visitorcounter.health.");
    }

    @Override
    Output run(Session session) {
        Target of = on.target();
        var printed = new Manifest(session.workspace())
                .run(
                        of.environment(),
                        of.version(),
                        form.value(),
                        new Manifest.Scale(
                                replicas.given(),
                                memory.value(),
                                storage.given(),
                                publish.value(),
                                Duration.ofSeconds(soak.value()),
                                Duration.ofSeconds(timeout.value())),
                        image.overrides());
        printed.warnings().forEach(warning -> session.printer().warning(of.environment() + ": " + warning));
        var json = Output.document("Manifest");
        printed.documents().forEach(json.putArray("documents")::add);
        printed.warnings().forEach(json.putArray("warnings")::add);
        return Output.of(
                json, printer -> printer.content(Yaml.text(printed.documents()).stripTrailing()));
    }
}
