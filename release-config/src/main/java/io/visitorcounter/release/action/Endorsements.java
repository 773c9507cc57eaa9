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

/** The endorsements of one release, and whether they count. */
record Endorsements(Snapshot history, Release release) {

    private Stream<Endorsement> all() {
        return history.endorsements(release.environment()).stream().filter(each -> isOf(each, release));
    }

    /** Whether an endorsement is of exactly this release. */
    static boolean isOf(Endorsement endorsement, Release release) {
        EntryRef subject = endorsement.subject();
        return subject.path().equals(release.path())
                && subject.digest().equals(EntryRef.to(release).digest());
    }

    /** Whether one of them is signed for one of these principals. */
    boolean isSignedBy(SignatureCheck check, List<String> principals) {
        return all().anyMatch(each -> check.isSignedBy(each, principals));
    }

    /** Whether a key already endorses it. */
    boolean isBy(SignatureCheck check, SigningKey key) {
        return all().anyMatch(each -> check.isSignedWith(key, each));
    }

    /** Whether a key has signed its image in the older form (before bundles) too. */
    boolean isLegacyBy(SignatureCheck check, SigningKey key) {
        return all().anyMatch(each ->
                check.isSignedWith(key, each) && history.images(each).containsKey(LedgerLayout.LEGACY_SIGNATURE));
    }

    /** {@return the referrers of the release image that they hold} */
    List<Referrer> referrers() {
        return all().flatMap(each -> ImageStatements.referrers(history.images(each)).stream())
                .toList();
    }

    /** {@return what is wrong with their statements about the release image} */
    List<String> faults(AllowedSigners signers) {
        List<String> faults = new ArrayList<>();
        all().forEach(each -> new ImageStatementCheck(release, history.signatures(each), signers)
                .faults(history.images(each))
                .forEach(fault -> faults.add(each.path() + ": " + fault)));
        return faults;
    }
}
