package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Export;
import java.nio.file.Path;

final class ExportCommand extends Command {

    private final Input<Target> on = argument("ENV[@vN]", Target::parse, "Which release. Default: the newest of ENV");
    private final Input<Path> file = argument("FILE", Path.class, "A new file, a tar");
    private final Input<String> against = option(
            "--against", "ENV@vM", "Leave out the layers of this older release, which was imported there already");

    ExportCommand() {
        super(
                "Write a release with all its proofs into one file, for a site without a network.",
                "The file is an OCI layout with the release image, its app image, the signed statements about them, and the ledger's",
                "entries up to the release. It is also a docker-archive of the release image. The same release gives the same bytes.",
                "",
                "Examples:",
                "  release export prod prod.tar",
                "  release export prod@v12 prod-v12.tar --against prod@v11     # without the layers of v11");
    }

    @Override
    Output run(Session session) {
        Target target = on.value();
        Export.Exported exported = new Export(session.workspace())
                .run(
                        target.environment(),
                        target.version(),
                        session.path(file.value()),
                        against.given().map(text -> older(target, text)));
        return Output.of(
                Output.document("Exported")
                        .put("release", exported.release().id().toString())
                        .put("file", file.value().toString())
                        .put("digest", exported.digest().text())
                        .put("bytes", exported.bytes()),
                printer -> printer.line("exported  " + exported.release().id().label() + " to " + file.value() + ", "
                        + exported.bytes() + " bytes, " + exported.digest()));
    }

    private static int older(Target target, String text) {
        try {
            return Target.VersionWord.parse(text).in(target.environment());
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Usage("--against: " + e.getMessage());
        }
    }
}
