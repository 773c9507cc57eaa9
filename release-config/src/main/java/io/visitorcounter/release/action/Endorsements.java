package io.visitorcounter.release.action;

import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.ledger.Endorsement;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The endorsements of one release, and what they are worth. */
record Endorsements(Snapshot history, Release release) {

    private Stream<Endorsement> all() {
        return history.endorsements(release.environment()).stream().filter(each -> isOf(each, release));
    }

    /** Whether an endorsement is of a release: of the whole of it. */
    static boolean isOf(Endorsement endorsement, Release release) {
        EntryRef subject = endorsement.subject();
        return subject.path().equals(release.path())
                && subject.digest().equals(EntryRef.to(release).digest());
    }

    /** Whether somebody signed one of them who speaks for one of these. */
    boolean isSignedBy(SignatureCheck check, List<String> principals) {
        return all().anyMatch(each -> check.isSignedBy(each, principals));
    }

    /** Whether a key endorses it already. */
    boolean isBy(SignatureCheck check, SigningKey key) {
        return all().anyMatch(each -> check.isSignedWith(key, each));
    }

    /** Whether a key has signed its image in the form from before bundles too. */
    boolean isLegacyBy(SignatureCheck check, SigningKey key) {
        return all().anyMatch(each ->
                check.isSignedWith(key, each) && history.images(each).containsKey(LedgerLayout.LEGACY_SIGNATURE));
    }

    /** {@return what refers to the release image by them} */
    List<Referrer> referrers() {
        return all().flatMap(each -> ImageStatements.referrers(history.images(each)).stream())
                .toList();
    }

    /** {@return what is wrong with what they say of the release image} */
    List<String> faults(AllowedSigners signers) {
        List<String> faults = new ArrayList<>();
        all().forEach(each -> new ImageStatementCheck(release, history.signatures(each), signers)
                .faults(history.images(each))
                .forEach(fault -> faults.add(each.path() + ": " + fault)));
        return faults;
    }
}
