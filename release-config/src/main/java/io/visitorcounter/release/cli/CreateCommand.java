package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.BillOfMaterials;
import io.visitorcounter.release.action.Create;
import io.visitorcounter.release.image.DeclaredLabels;
import java.nio.file.Path;
import java.util.List;

final class CreateCommand extends Command {

    private final Input<Environment> on = environment();
    private final Input<String> app = option(
            "--app",
            "IMAGE",
            "The build: a docker-archive tar, an image of a registry by digest, or the jib-image.json of a push."
                    + " Default: $RELEASE_APP");
    private final Input<Boolean> noContract =
            flag("--no-contract", "Release an image that carries no contract; its config is unchecked");
    private final Input<Path> sbom = option(
            "--sbom",
            "FILE",
            Path.class,
            "The build's bill of materials; its digest goes into the history, and if the release is signed it is attached to the image");
    private final Input<List<String>> labels = repeatedOption(
            "--label",
            "NAME=VALUE",
            "Such as probe.ready=/health: the label io.visitorcounter.NAME, in place of what the image says; kept"
                    + " when the build is promoted");
    private final Input<Boolean> keepRollback = flag(
            "--keep-rollback", "Release nothing if the newest release is a rollback, even if the files differ from it");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    CreateCommand() {
        super(
                "Make a release from a build and an environment's current config, unless the environment has both already.",
                "Examples:",
                "  release create dev --app counter-web/target/jib-image.tar",
                "  release create dev --app counter-web/target/jib-image.json     # what mvn package jib:build pushed",
                "  release create dev --app registry.example/counter-web@sha256:… --reason 'new greeting'",
                "  release create dev --app registry.example/flask:7 --no-contract --label probe.ready=/health",
                "  release create dev --app … --dry-run     # the digest and the entry, nothing written");
    }

    @Override
    Output run(Session session) {
        String image = session.app(app)
                .orElseThrow(() -> new ReleaseException.Usage(
                        "release create: expected the build, got none; name it with --app or RELEASE_APP;"
                                + " see release help create"));
        var result = new Create(session.workspace(releasing.dryRun()))
                .run(new Create.Request(
                        on.value(),
                        image,
                        noContract.value(),
                        sbom.given().map(session::path).map(BillOfMaterials::read),
                        DeclaredLabels.parse(labels.given().orElse(List.of())),
                        releasing.options(session, keepRollback.value())));
        return ReleaseOutput.of(result, session.printer());
    }
}
