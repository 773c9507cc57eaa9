package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigners;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks that releases have the approvals that an environment's file requires. The newest release must satisfy the
 *  current file. An older one must have one good approval, since nothing records who and how many were required then;
 *  one from before the first approval needs none. A rollback must satisfy what the release whose content it has needed:
 *  an outage need not wait for a second person. */
record ApprovalGate(Snapshot history, AllowedSigners signers, Environment environment, Policy.ApprovalRule rule) {

    private Approvals approvals() {
        return new Approvals(history, signers, environment);
    }

    /** Throws unless a release that is about to be made is approved.
     *
     *  @param at its time
     *  @param releaser the one who signs it
     *  @throws ReleaseException.Refused if approvals are missing */
    void require(Release.Content content, Instant at, Optional<Signing.Own> releaser) {
        Approvals.CountedApprovals tally = approvals().next(rule, content, at, releaser);
        if (tally.counted().size() < rule.count()) {
            throw new ReleaseException.Refused(environment + ": expected " + asked(rule) + " of app "
                    + content.appImage().digest().shortText() + " with bundle "
                    + content.bundle().shortText() + ", got " + got(tally) + "; release approve " + environment
                    + " adds one");
        }
    }

    /** {@return what a release in the history lacks; empty if nothing} */
    Optional<String> fault(Release release) {
        if (rule.count() == 0) {
            return Optional.empty();
        }
        boolean isNewest = history.last(environment).equals(Optional.of(release));
        return isNewest && RecordedRelease.origin(history, release).equals(release) ? now(release) : then(release);
    }

    private Optional<String> now(Release release) {
        Approvals.CountedApprovals tally = approvals().of(rule.by(), release);
        return tally.counted().size() < rule.count()
                ? Optional.of(release.id().label() + ": expected " + asked(rule) + ", got " + got(tally))
                : Optional.empty();
    }

    /** {@return what an older release lacks; empty if nothing} */
    Optional<String> then(Release older) {
        Release release = RecordedRelease.origin(history, older);
        Approvals.CountedApprovals tally = approvals().of(List.of(), release);
        return tally.counted().isEmpty() && !isBeforeTheFirst(release)
                ? Optional.of(release.id().label() + ": expected an approval, got " + got(tally))
                : Optional.empty();
    }

    /** {@return a suspicion: the release is neither approved nor required to be, but the one before was approved.
     *  Someone may have changed the file to avoid the approval} */
    Optional<String> unasked(Release release) {
        int version = release.id().version();
        if (rule.count() > 0
                || version == 1
                || release.origin() == Release.Origin.ROLLED_BACK
                || history.approvals(environment, 0).isEmpty()) {
            return Optional.empty();
        }
        Release before = RecordedRelease.origin(history, history.get(new ReleaseId(environment, version - 1)));
        boolean stopped = approvals().of(List.of(), release).counted().isEmpty()
                && !approvals().of(List.of(), before).counted().isEmpty();
        return stopped
                ? Optional.of(release.id().label() + ": nobody approved it, and "
                        + before.id().label() + " is approved; the file of " + environment
                        + " asks for no approval, look when that changed")
                : Optional.empty();
    }

    private boolean isBeforeTheFirst(Release release) {
        for (int version = release.id().version() - 1; version >= 1; version--) {
            Release earlier = history.get(new ReleaseId(environment, version));
            if (earlier.origin() != Release.Origin.ROLLED_BACK
                    && !approvals().of(List.of(), earlier).counted().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** {@return the requirement in words, such as {@code 2 approvals by alice, bob or carol}} */
    static String asked(Policy.ApprovalRule rule) {
        List<String> by = rule.by();
        String names = by.size() == 1
                ? by.get(0)
                : by.stream().limit(by.size() - 1L).collect(Collectors.joining(", ")) + " or " + by.get(by.size() - 1);
        return (rule.count() == 1 ? "an approval by " : rule.count() + " approvals by ") + names;
    }

    private static String got(Approvals.CountedApprovals tally) {
        String names = tally.counted().isEmpty() ? "none" : "only that of " + String.join(", ", tally.names());
        return tally.others().isEmpty() ? names : names + ", and not counted: " + String.join("; ", tally.others());
    }
}
