package io.visitorcounter.release.cli;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Import;
import java.nio.file.Path;

final class ImportCommand extends Command {

    private final Input<Path> file = argument("FILE", Path.class, "What release export wrote elsewhere");
    private final Input<String> trust = option(
            "--trust-ledger",
            "sha256:…",
            "The ledger that it comes from; needed the first time. Default: a ledger imported from before");
    private final Input<Boolean> older = flag("--older", "Accept a release older than the last one imported");
    private final ReleasingOptions releasing = new ReleasingOptions(this);

    ImportCommand() {
        super(
                "Make a release from one that was exported elsewhere: images into --images, a new entry into the ledger.",
                "All of it is checked against its digests, the entries that came with it, what was imported from that ledger before,",
                "and, if there is a file allowed_signers here, the signatures.",
                "",
                "Examples:",
                "  release import prod-v12.tar --images registry.inside/counter --trust-ledger sha256:…",
                "  release import prod-v13.tar --images registry.inside/counter --dry-run");
    }

    @Override
    Output run(Session session) {
        var result = new Import(session.workspace(releasing.dryRun()))
                .run(new Import.Request(
                        session.path(file.value()),
                        session.imagesPlace(),
                        trust.given().map(ImportCommand::digest),
                        older.value(),
                        releasing.options(session)));
        return ReleaseOutput.of(result, session.printer());
    }

    static Digest digest(String text) {
        try {
            return new Digest(text);
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.Usage("--trust-ledger: " + e.getMessage());
        }
    }
}
