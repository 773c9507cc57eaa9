package io.visitorcounter.release.cli;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Create;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = "Make a release of a build and an environment's config as it is now, unless it has both already.",
        footer = {
            "",
            "Examples:",
            "  release create dev --app counter-web/target/jib-image.tar",
            "  release create dev --app counter-web/target/jib-image.json     # what mvn package jib:build pushed",
            "  release create dev --app registry.example/counter-web@sha256:… --reason 'new greeting'",
            "  release create dev --app … --dry-run     # the digest and the entry, nothing written"
        })
final class CreateCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Mixin
    OneEnvironment on = new OneEnvironment();

    @Option(
            names = "--app",
            paramLabel = "IMAGE",
            description =
                    "The build: a docker-archive tar, an image of a registry by digest, or the jib-image.json of a push."
                            + " Default: $RELEASE_APP")
    @Nullable String app;

    @Option(names = "--no-contract", description = "Release an image that carries no contract; its config is unchecked")
    boolean noContract;

    @Option(
            names = "--sbom",
            paramLabel = "FILE",
            description = "The build's bill of materials; its digest goes into the history")
    @Nullable Path sbom;

    @Mixin
    ReleasingOptions releasing = new ReleasingOptions();

    CreateCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        String image = top.app(app)
                .orElseThrow(() -> new ReleaseException.Usage(
                        "release create: expected the build, got none; name it" + " with --app"));
        var outcome = new Create(top.site())
                .run(new Create.Request(
                        on.environment,
                        image,
                        noContract,
                        releasing.why(),
                        releasing.confirmation(top),
                        sbomDigest(),
                        releasing.dryRun));
        new Printer(top).outcome(outcome);
        return ExitCode.DONE.code();
    }

    private Optional<Digest> sbomDigest() {
        if (sbom == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Digest.of(sbom));
        } catch (IOException e) {
            throw new ReleaseException.NotFound(sbom + ": no such bill of materials");
        }
    }
}
