package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Endorsement;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Signs an existing release with a further key: its entry in the ledger, and its image for those who see only the
 *  image. */
public record Endorse(Workspace workspace) {

    /** The result.
     *
     *  @param release which one
     *  @param endorsement the entry; none if the same key has already signed it
     *  @param by who signs, such as {@code prod (jenkins-prod-2027)} */
    public record Endorsed(Release release, Appended<Endorsement> endorsement, String by) {}

    /** {@return the result}
     *
     *  @param version which one; empty: the newest
     *  @param legacy whether to sign the image in the older form (before bundles) too
     *  @param why the user's words
     *  @param dryRun whether to write nothing
     *  @throws ReleaseException.Usage if there is no key, or if the older form is requested but impossible
     *  @throws ReleaseException.Refused if the key may not sign releases
     *  @throws ReleaseException.VerificationFailed if the release is not what was recorded, so it must not be signed
     *  @throws ReleaseException.NotFound if there is no such release, or its image is gone */
    public Endorsed run(
            Environment environment, Optional<Integer> version, boolean legacy, Optional<String> why, boolean dryRun) {
        if (!workspace.signing().isOn()) {
            throw Signing.noKey("sign");
        }
        workspace.signing().begin();
        Snapshot now = workspace.ledger().read();
        Release release = now.resolve(environment, version);
        RecordedRelease recorded = new RecordedRelease(now, release);
        Signing.Own own = own(now);
        if (isSigned(now, release, own, legacy)) {
            return new Endorsed(release, Appended.of(Optional.empty()), own.label());
        }
        requireWhole(now, recorded);
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(LedgerLayout.RELEASE_SIGNATURE, ImageStatements.signature(release.content(), own.key()));
        if (legacy) {
            files.put(LedgerLayout.LEGACY_SIGNATURE, LegacyStatement.sign(release, own.key()));
        }
        if (dryRun) {
            return new Endorsed(release, Appended.predicted(Optional.of(next(now, release, why))), own.label());
        }
        if (workspace.signing().attaches()) {
            String name = release.content().releaseImage().name();
            workspace.images().attach(name, recorded.image(), ImageStatements.referrers(files));
        }
        SortedMap<String, byte[]> beside = new TreeMap<>();
        files.forEach((name, bytes) -> beside.put(LedgerLayout.IMAGES + "/" + name, bytes));
        Optional<Endorsement> appended = workspace
                .ledger()
                .append(history -> isSigned(history, release, own, legacy)
                        ? Optional.empty()
                        : Optional.of(new Ledger.Draft(next(history, release, why), beside)
                                .signedBy(Optional.of(own(history)))))
                .map(Endorsement.class::cast);
        return new Endorsed(release, Appended.of(appended), own.label());
    }

    // Any signer of this site may endorse; the environment's gates check whether its file requires that signer.
    private Signing.Own own(Snapshot history) {
        return workspace.signing().own(workspace.now(history), List.of()).orElseThrow();
    }

    private boolean isSigned(Snapshot history, Release release, Signing.Own own, boolean legacy) {
        SignatureCheck check = new SignatureCheck(history, workspace.signing().signers());
        Endorsements endorsements = new Endorsements(history, release);
        return legacy
                ? endorsements.isLegacyBy(check, own.key())
                : check.isSignedWith(own.key(), release) || endorsements.isBy(check, own.key());
    }

    private void requireWhole(Snapshot history, RecordedRelease recorded) {
        List<String> faults = HashChain.walk(history).faults();
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(faults);
        }
        // Each is checked against the digest in the entry as it is read.
        recorded.bundle();
        recorded.app();
        new ImageRestore(workspace, recorded).requireThere();
    }

    private Endorsement next(Snapshot history, Release release, Optional<String> why) {
        byte[] bytes = history.file(release.path()).orElseThrow();
        int last = history.endorsements(release.environment()).stream()
                .findFirst()
                .map(Endorsement::number)
                .orElse(0);
        return new Endorsement(
                workspace.next(history, release.environment(), last + 1, why),
                new EntryRef(release.sequence(), release.path(), Digest.of(bytes)));
    }
}
