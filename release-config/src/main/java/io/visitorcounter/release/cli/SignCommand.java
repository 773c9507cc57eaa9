package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Endorse;
import java.util.Optional;

final class SignCommand extends Command {

    private final OneRelease of = OneRelease.of(this);
    private final Input<Boolean> legacy = flag(
            "--legacy-signature",
            "Also sign the image in the older form that podman, CRI-O, skopeo and older policy engines read");
    private final Input<String> reason = option("--reason", "TEXT", "Why; it goes into the history");
    private final Input<Boolean> dryRun = flag("--dry-run", "Print what would be appended, and write nothing");

    SignCommand() {
        super(
                "Sign an existing release with another key (--signing-key).",
                "Use it for a release from before its environment required signatures, for clusters that trust a new key,",
                "or for a second signer. It appends an endorsement to the ledger, and signs the image in its registry.",
                "The release itself does not change. A key does not sign the same thing twice.",
                "",
                "Examples:",
                "  release sign prod --signing-key jenkins-prod-2027",
                "  release sign prod --legacy-signature",
                "  release sign prod@v12 --reason 'audited' --dry-run");
    }

    @Override
    int run(Session session) {
        Optional<String> why = reason.given().filter(text -> !text.isBlank()).map(WrittenReason::checked);
        Endorse.Endorsed endorsed = new Endorse(session.workspace(dryRun.value()))
                .run(of.target().environment(), of.target().version(), legacy.value(), why, dryRun.value());
        session.printer().endorsement(endorsed);
        return ExitCode.DONE.code();
    }
}
