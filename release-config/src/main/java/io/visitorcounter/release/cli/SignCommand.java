package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Endorse;
import io.visitorcounter.release.ledger.Release;

final class SignCommand extends Command {

    private final OneRelease of = OneRelease.of(this);
    private final Input<Boolean> legacy = flag(
            "--legacy-signature",
            "Also sign the image in the older form that podman, CRI-O, skopeo and older policy engines read");
    private final ReasonOption reason = new ReasonOption(this);
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
    Output run(Session session) {
        Endorse.Endorsed endorsed = new Endorse(session.workspace(dryRun.value()))
                .run(of.target().environment(), of.target().version(), legacy.value(), reason.given(), dryRun.value());
        Release release = endorsed.release();
        var json = Output.document("Endorsement")
                .put("environment", release.environment().name())
                .put("release", release.id().toString());
        ReleaseOutput.add(json, endorsed.endorsement(), ReleaseJson::of);
        json.put("signedBy", endorsed.by());
        String remark = endorsed.endorsement().isPredicted()
                ? "dry run: nothing written"
                : endorsed.endorsement().written() ? "" : "unchanged";
        return Output.of(json, printer -> {
            printer.line("signed   " + ReleaseOutput.line(release, remark));
            printer.line("signed   by " + endorsed.by());
            ReleaseOutput.predicted(printer, endorsed.endorsement());
        });
    }
}
