package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ReleaseImageCheck;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Checks a release of another ledger: whether its files are what that ledger's entry says, and whether a signer that
 *  this site trusts signed the entry. Nothing in the file decides whom to trust. */
final class Outsider {

    private final LedgerProof proof;
    private final Release release;
    private final Bundle bundle;

    /** Reads the bundle.
     *
     *  @throws ReleaseException.VerificationFailed if it is not the one that the entry names */
    Outsider(LedgerProof proof) {
        this.proof = proof;
        this.release = proof.release();
        try {
            this.bundle = Bundle.readFrom(proof.files(LedgerLayout.BUNDLE));
        } catch (ReleaseException.VerificationFailed e) {
            throw wrong("bundle: " + e.getMessage());
        }
        if (!bundle.digest().equals(release.content().bundle())) {
            throw wrong("bundle: expected " + release.content().bundle() + ", got " + bundle.digest());
        }
    }

    /** A signed entry that vouches for the release: its own entry, or an endorsement.
     *
     *  @param entry what is signed
     *  @param signatures of the entry, bytes by file name
     *  @param statements about the images that belong to it, bytes by file name */
    private record Voucher(Entry entry, SortedMap<String, byte[]> signatures, SortedMap<String, byte[]> statements) {

        boolean isGood(AllowedSigners signers) {
            return SignatureCheck.of(entry, signatures, signers).stream().anyMatch(EntrySignature::isGood);
        }
    }

    private List<Voucher> vouchers() {
        List<Voucher> vouchers = new ArrayList<>();
        vouchers.add(new Voucher(release, proof.files(LedgerLayout.SIGNATURES), proof.statements()));
        proof.endorsements().forEach(each -> vouchers.add(new Voucher(each.entry(), each.signatures(), each.images())));
        return vouchers;
    }

    /** {@return what is wrong with the signatures, one line each; none if the entry or an endorsement has a good one}
     *
     *  @param signers whom this site trusts; without such a file, a pinned ledger is trusted as it is */
    List<String> signatureFaults(AllowedSigners signers) {
        if (!signers.isThere()) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        List<Voucher> good =
                vouchers().stream().filter(each -> each.isGood(signers)).toList();
        for (Voucher each : good) {
            SortedMap<String, byte[]> statements =
                    each.entry().equals(release) ? statements(signers) : each.statements();
            faults.addAll(new ImageStatementCheck(release, each.signatures(), signers).faults(statements));
        }
        if (good.isEmpty()) {
            vouchers().stream()
                    .flatMap(each -> SignatureCheck.of(each.entry(), each.signatures(), signers).stream()
                            .flatMap(signature -> signature.fault().stream())
                            .map(fault -> each.entry().equals(release)
                                    ? fault
                                    : each.entry().path() + ": " + fault))
                    .forEach(faults::add);
            if (faults.isEmpty()) {
                faults.add("expected a signature by somebody in " + signers.file() + ", got none");
            }
        }
        return faults.stream().map(fault -> label() + ": " + fault).toList();
    }

    /** {@return the files that go next to the entry here, bytes by path below its folder: only those that a release
     *  has} */
    SortedMap<String, byte[]> besideEntry(Image image, Image app, AllowedSigners signers) {
        SortedMap<String, byte[]> beside = RecordedRelease.files(bundle.files(), app, image);
        statements(signers).forEach((name, bytes) -> beside.put(LedgerLayout.IMAGES + "/" + name, bytes));
        return beside;
    }

    /** {@return the statements about the images by signers that this site trusts, bytes by file name. Others'
     *  statements stay in the proof, where nothing uses them. If only an endorsement vouches for the entry, its
     *  statements count for the image}
     *
     *  @param signers whom this site trusts; without such a file, all statements count */
    SortedMap<String, byte[]> statements(AllowedSigners signers) {
        SortedMap<String, byte[]> statements = proof.statements();
        if (!signers.isThere()) {
            return statements;
        }
        statements.entrySet().removeIf(each -> isOfStranger(each.getKey(), each.getValue(), signers));
        List<Voucher> vouchers = vouchers();
        if (!vouchers.get(0).isGood(signers)) {
            statements.remove(LedgerLayout.RELEASE_SIGNATURE);
            statements.remove(LedgerLayout.RELEASE_PROVENANCE);
            vouchers.stream()
                    .filter(each -> each.isGood(signers))
                    .findFirst()
                    .map(each -> each.statements().get(LedgerLayout.RELEASE_SIGNATURE))
                    .ifPresent(bytes -> statements.put(LedgerLayout.RELEASE_SIGNATURE, bytes));
        }
        return statements;
    }

    // Statements about the build, each by a signer that the other site trusts.
    private static boolean isOfStranger(String name, byte[] bytes, AllowedSigners signers) {
        if (!name.equals(LedgerLayout.APP_PROVENANCE) && !LedgerLayout.isAppStatement(name)) {
            return false;
        }
        try {
            return signers.of(StatementBundle.read(name, bytes)).isEmpty();
        } catch (ReleaseException.VerificationFailed unreadable) {
            // Reported as a fault of the file.
            return false;
        }
    }

    /** {@return how the build was made, as the other site recorded it; empty if it did not} */
    Optional<BuildProof.KnownProvenance> build() {
        return Optional.ofNullable(proof.statements().get(LedgerLayout.APP_PROVENANCE))
                .map(bytes -> new BuildProof.KnownProvenance(bytes, release.at()));
    }

    /** Throws unless the images are those of the entry, the release image is the app image plus the bundle, and the
     *  bundle satisfies the build's contract. */
    void requireImages(Image image, Image app) {
        List<String> faults = new ArrayList<>();
        same("release image", release.content().releaseImage().digest(), image.digest(), faults);
        same("app image", release.app(), app.digest(), faults);
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

    /** {@return what this release image should add to this app image} */
    ReleaseLayer layer(Image image, Image app) {
        return RecordedRelease.layer(release, image, app, bundle);
    }

    private String label() {
        return "outside " + release.id().label();
    }

    private ReleaseException wrong(String what) {
        return new ReleaseException.VerificationFailed(label() + ": " + what);
    }
}
