package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.BundleException;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ReleaseImageCheck;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.AllowedSigners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A release of another ledger: whether what came is what that ledger's entry says, and whether somebody signed the entry
 *  whom this site trusts. Nothing that came with it says whom to trust. */
final class Outsider {

    private final LedgerProof proof;
    private final Release release;
    private final Bundle bundle;

    /** Reads the bundle.
     *
     *  @throws ReleaseException.VerificationFailed if it is another than the entry says */
    Outsider(LedgerProof proof) {
        this.proof = proof;
        this.release = proof.release();
        try {
            this.bundle = Bundle.readFrom(proof.files(LedgerLayout.BUNDLE));
        } catch (BundleException e) {
            throw wrong("bundle: " + e.getMessage());
        }
        if (!bundle.digest().equals(release.content().bundle())) {
            throw wrong("bundle: expected " + release.content().bundle() + ", got " + bundle.digest());
        }
    }

    /** {@return what is wrong with the signatures, a line each; none if one is good}
     *
     *  @param signers whom this site trusts; where it has no such file, a pinned ledger is believed as it is */
    List<String> signatureFaults(AllowedSigners signers) {
        if (!signers.isThere()) {
            return List.of();
        }
        SortedMap<String, byte[]> signatures = proof.files(LedgerLayout.SIGNATURES);
        if (signatures.isEmpty()) {
            return List.of(label() + ": expected a signature by somebody in " + signers.file() + ", got none");
        }
        List<String> faults = new ArrayList<>();
        for (EntrySignature each : SignatureCheck.of(release, signatures, signers)) {
            if (each.isGood()) {
                return ImageStatements.faults(release, signatures, statements(), signers).stream()
                        .map(fault -> label() + ": " + fault)
                        .toList();
            }
            each.fault().ifPresent(fault -> faults.add(label() + ": " + fault));
        }
        return List.copyOf(faults);
    }

    /** {@return the files that go beside the entry here, bytes by path below its folder: only what a release has} */
    SortedMap<String, byte[]> besideEntry(Image image, Image app) {
        SortedMap<String, byte[]> beside = RecordedRelease.files(bundle.files(), app, image);
        statements().forEach((name, bytes) -> beside.put(LedgerLayout.IMAGES + "/" + name, bytes));
        return beside;
    }

    /** {@return what was said of the images, and is known to be said by whom it should, bytes by file name} */
    SortedMap<String, byte[]> statements() {
        SortedMap<String, byte[]> statements = proof.files(LedgerLayout.IMAGES);
        statements.keySet().removeIf(name -> !LedgerLayout.isImageStatement(name));
        return statements;
    }

    /** {@return how the build was made, as the outside knew it; empty if it did not} */
    Optional<BuildProof.KnownProvenance> build() {
        return Optional.ofNullable(statements().get(LedgerLayout.APP_PROVENANCE))
                .map(bytes ->
                        new BuildProof.KnownProvenance(bytes, release.audit().at()));
    }

    /** Throws unless the images are those of the entry, the release image is the app image and the bundle, and the bundle obeys
     *  the build's contract. */
    void requireImages(Image image, Image app) {
        List<String> faults = new ArrayList<>();
        same("release image", release.content().releaseImage().digest(), image.digest(), faults);
        same("app image", release.content().appImage().digest(), app.digest(), faults);
        faults.addAll(ReleaseImageCheck.faults(image, app, layer(image, app)));
        Contract contract =
                AppContract.of(label(), app, release.content().contract().isEmpty());
        for (ConfigFault fault : contract.check(bundle)) {
            faults.add("does not obey its build's contract: " + fault);
        }
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(
                    faults.stream().map(fault -> label() + ": " + fault).toList());
        }
    }

    private static void same(String what, Digest expected, Digest got, List<String> faults) {
        if (!expected.equals(got)) {
            faults.add(what + ": expected " + expected + ", got " + got);
        }
    }

    /** {@return what this release image should have more than this app image} */
    ReleaseLayer layer(Image image, Image app) {
        return RecordedRelease.layer(release, image, app, bundle);
    }

    private String label() {
        return "outside " + release.id().label();
    }

    private ReleaseException wrong(String what) {
        return new ReleaseException.VerificationFailed(
                List.of("outside " + proof.release().id().label() + ": " + what));
    }
}
