package io.visitorcounter.release.cli;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Create;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Parameters(
            paramLabel = "ENV",
            converter = Arguments.EnvironmentConverter.class,
            description = "The environment, such as dev")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Environment environment;

    @Option(
            names = "--app",
            paramLabel = "IMAGE",
            description =
                    "The build: a docker-archive tar, an image of a registry by digest, or the jib-image.json of a push."
                            + " Default: $RELEASE_APP")
    @Nullable String app;

    @Option(names = "--no-contract", description = "Release an image that carries no contract; its config is unchecked")
    boolean noContract;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes into the history")
    @Nullable String reason;

    @Option(names = "--confirm", paramLabel = "ENV", description = "The environment again, where its file asks for it")
    @Nullable String confirm;

    @Option(
            names = "--sbom",
            paramLabel = "FILE",
            description = "The build's bill of materials; its digest goes into the history")
    @Nullable Path sbom;

    @Option(names = "--dry-run", description = "Print what would be released, and write nothing")
    boolean dryRun;

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
                        environment,
                        image,
                        noContract,
                        Arguments.words(reason),
                        Optional.ofNullable(confirm),
                        sbomDigest(),
                        dryRun));
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
