package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Checks the statements about a release's images against the release, and against the signers of its entry. Whether
 *  their keys may sign is checked with the entry.
 *
 *  @param release the one that the statements belong to
 *  @param signatures of its entry, bytes by file name
 *  @param signers whom to trust */
record ImageStatementCheck(Release release, SortedMap<String, byte[]> signatures, AllowedSigners signers) {

    /** {@return what is wrong with the statements that the ledger keeps about a release's images} */
    static List<String> faults(Snapshot history, Release release, AllowedSigners signers) {
        RecordedRelease recorded = new RecordedRelease(history, release);
        // A rollback has the files of the release whose content it has.
        Release origin = RecordedRelease.origin(history, release);
        List<String> faults = new ArrayList<>(
                new ImageStatementCheck(origin, new RecordedRelease(history, origin).signatures(), signers)
                        .faults(recorded.statements()));
        faults.addAll(new Endorsements(history, release).faults(signers));
        if (recorded.statements().containsKey(LedgerLayout.APP_PROVENANCE) && signers.isThere()) {
            ofBuild(recorded, signers)
                    .ifPresent(fault -> faults.add("image/" + LedgerLayout.APP_PROVENANCE + ": " + fault));
        }
        return faults;
    }

    // The gates have checked that signer and builder are the required ones; what remains is that the signature is by
    // the signer that it names.
    private static Optional<String> ofBuild(RecordedRelease recorded, AllowedSigners signers) {
        BuildProof.KnownProvenance known = recorded.proof().orElseThrow();
        try {
            return new BuildProof(recorded.id().environment(), Policy.BuildRule.NONE, signers)
                    .fault(
                            "image/" + LedgerLayout.APP_PROVENANCE,
                            known.bytes(),
                            recorded.release().app(),
                            known.at())
                    .map(fault -> fault.isEmpty() ? ofAnotherKind(ImageStatements.PROVENANCE_TYPE) : fault);
        } catch (ReleaseException.VerificationFailed e) {
            return Optional.of(String.join("; ", e.faults()));
        }
    }

    /** {@return what is wrong with the statements, except the one on how the build was made}
     *
     *  @param files the statements, bytes by file name */
    List<String> faults(SortedMap<String, byte[]> files) {
        List<String> faults = new ArrayList<>();
        if (!signatures.isEmpty() && !files.containsKey(LedgerLayout.RELEASE_SIGNATURE)) {
            faults.add("image/" + LedgerLayout.RELEASE_SIGNATURE + ": the entry is signed, and its image is not");
        }
        files.forEach((name, bytes) -> {
            String where = "image/" + name;
            try {
                fault(name, where, bytes).ifPresent(fault -> faults.add(where + ": " + fault));
            } catch (ReleaseException.VerificationFailed e) {
                faults.addAll(e.faults());
            }
        });
        return faults;
    }

    private Optional<String> fault(String name, String where, byte[] bytes) {
        if (name.equals(LedgerLayout.APP_PROVENANCE)) {
            return Optional.empty();
        }
        if (LedgerLayout.isAppStatement(name)) {
            return signers.isThere()
                    ? AppStatements.fault(name, bytes, release.app(), signers, Optional.empty())
                    : Optional.empty();
        }
        if (signatures.isEmpty()) {
            return Optional.of("nobody signed the entry");
        }
        if (name.equals(LedgerLayout.SBOM)) {
            Optional<Digest> recorded = release.content().sbom();
            return recorded.equals(Optional.of(Digest.of(bytes)))
                    ? Optional.empty()
                    : Optional.of(
                            "expected " + recorded.map(Digest::text).orElse("none") + ", got " + Digest.of(bytes));
        }
        if (!signers.isThere()) {
            return Optional.empty();
        }
        return name.equals(LedgerLayout.LEGACY_SIGNATURE)
                ? LegacyStatement.fault(signatures, release, where, bytes, signers)
                : ofImage(where, bytes, ImageStatements.type(name));
    }

    private Optional<String> ofImage(String where, byte[] bytes, String type) {
        StatementBundle bundle = StatementBundle.read(where, bytes);
        Optional<String> unsigned = signers.fault(bundle);
        if (unsigned.isPresent()) {
            return unsigned;
        }
        AllowedSigner line = signers.of(bundle).get(0);
        if (!signatures.containsKey(line.key().id() + Signing.SUFFIX)) {
            return Optional.of("by " + line.label() + ", who did not sign the entry");
        }
        ObjectNode statement = bundle.statement(where);
        if (!statement.path("predicateType").asText().equals(type)) {
            return Optional.of(ofAnotherKind(type));
        }
        // The name of the image differs from site to site.
        if (statement.path("subject").size() != 1
                || !BuildProof.isAbout(
                        statement, release.content().releaseImage().digest())) {
            return Optional.of("the statement is about something else than the release image");
        }
        String app = statement
                .at("/predicate/buildDefinition/externalParameters/app")
                .asText();
        return type.equals(ImageStatements.PROVENANCE_TYPE)
                        && !app.equals(release.app().text())
                ? Optional.of("the statement tells of another build than the entry")
                : Optional.empty();
    }

    private static String ofAnotherKind(String type) {
        return "the statement is of another kind than " + type;
    }
}
