package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.ConfigFolder;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checks a release that is about to be made against what its environment requires: once before anything is written,
 *  and again at the append for what others can change in between. */
record Gates(Workspace workspace, Environment environment, Policy policy) {

    private static final int MAX_NAMED_FILES = 3;

    /** Throws if the release must not be made: the config is not committed, the environment is frozen, or the
     *  environment before does not run the build. */
    void before(Snapshot history, ConfigFolder.ConfigState config, Digest app) {
        clean(config);
        atAppend(history, app);
    }

    /** Throws if others have closed a gate in the meantime. */
    void atAppend(Snapshot history, Digest app) {
        notFrozen(history);
        promoted(history, app);
        healthy(history, app);
    }

    /** Throws if a required confirmation is missing. */
    void confirmed(Confirmation asked) {
        if (!policy.confirm()) {
            return;
        }
        Optional<String> confirmation = asked.of(environment);
        if (!confirmation.filter(environment.name()::equals).isPresent()) {
            throw new ReleaseException.Refused(environment + ": expected a confirmation, got "
                    + confirmation
                            .map(text -> PrintableText.quoted(text) + LookalikeLetters.note(text))
                            .orElse("none") + "; pass --confirm " + environment);
        }
    }

    /** {@return the signer of what is appended now; empty if there is no key and none is required}
     *
     *  @param at the time that the entry will have
     *  @throws ReleaseException.Refused if the policy requires a signature that can't be made here */
    Optional<Signing.Own> signer(Instant at) {
        Optional<Signing.Own> own = workspace.signing().own(at, policy.requireSignatureBy());
        if (own.isEmpty() && !policy.requireSignatureBy().isEmpty()) {
            throw new ReleaseException.Refused(environment + ": expected a signature by "
                    + String.join(" or ", policy.requireSignatureBy())
                    + ", got no key; name its file with --signing-key or RELEASE_SIGNING_KEY");
        }
        return own;
    }

    /** {@return the entry, signed as the policy requires, at its own time}
     *
     *  @throws ReleaseException.Refused if the policy requires a signature that can't be made here */
    Ledger.Draft signed(Ledger.Draft draft) {
        return draft.signedBy(signer(draft.entry().at()));
    }

    /** {@return who would sign what a dry run predicts; empty if it would be unsigned. Needs no key, since an approver
     *  may not be the signer}
     *
     *  @param at the time that the entry would have
     *  @throws ReleaseException.Refused if there is a key that may not sign */
    Optional<String> wouldSign(Instant at) {
        return workspace.signing().isOn() || policy.requireSignatureBy().isEmpty()
                ? signer(at).map(Signing.Own::label)
                : Optional.of(String.join(" or ", policy.requireSignatureBy()) + ", whose key is not here");
    }

    /** {@return the proof of how a build was made, to keep next to the entry}
     *
     *  @param known the promoted release's provenance
     *  @param said what is attached to the build
     *  @param at the time that the entry will have
     *  @throws ReleaseException.Refused if the policy requires one, and there is none */
    Optional<byte[]> proof(Optional<BuildProof.KnownProvenance> known, AppStatements said, Instant at) {
        // Without a requirement, the signers file is not read.
        return policy.build().by().isEmpty()
                ? known.map(BuildProof.KnownProvenance::bytes)
                : new BuildProof(
                                environment, policy.build(), workspace.signing().signers())
                        .find(known, said, at);
    }

    /** Throws if a release lacks required approvals.
     *
     *  @param at the time that its entry will have
     *  @param releaser the one who signs it */
    void approved(Snapshot history, Release.Content content, Instant at, Optional<Signing.Own> releaser) {
        if (policy.approvals().count() == 0) {
            return;
        }
        if (history.head().isEmpty()) {
            throw new ReleaseException.Refused(environment + ": expected " + ApprovalGate.asked(policy.approvals())
                    + ", got none; release approve " + environment + " adds one");
        }
        new ApprovalGate(history, workspace.signing().signers(), environment, policy.approvals())
                .require(content, at, releaser);
    }

    /** Throws if the target of a rollback was made without the approvals that it needed. */
    void wasApproved(Snapshot history, Release target) {
        if (policy.approvals().count() > 0) {
            new ApprovalGate(history, workspace.signing().signers(), environment, policy.approvals())
                    .then(target)
                    .ifPresent(fault -> {
                        throw new ReleaseException.Refused(fault);
                    });
        }
    }

    /** {@return the approvals that the release of a dry run needs and has; empty if it needs none}
     *
     *  @param at the time that the entry would have */
    Optional<AskedApprovals> approvals(Snapshot history, Release.Content content, Instant at) {
        return policy.approvals().count() == 0
                ? Optional.empty()
                : Optional.of(new AskedApprovals(
                        policy.approvals().count(),
                        policy.approvals().by(),
                        new Approvals(history, workspace.signing().signers(), environment)
                                .next(policy.approvals(), content, at, Optional.empty())
                                .names()));
    }

    private void clean(ConfigFolder.ConfigState config) {
        if (!policy.requireClean()
                || (config.commit().isPresent() && config.changes().isEmpty())) {
            return;
        }
        throw new ReleaseException.Refused(environment + ": expected config that is committed, got "
                + (config.commit().isPresent() ? "changes that are not: " + named(config.changes()) : config.noCommit())
                + "; commit the files that " + environment + " includes, and try again");
    }

    private static String named(List<String> changes) {
        String first = String.join(", ", changes.subList(0, Math.min(MAX_NAMED_FILES, changes.size())));
        return changes.size() > MAX_NAMED_FILES
                ? first + " and " + (changes.size() - MAX_NAMED_FILES) + " more"
                : first;
    }

    private void promoted(Snapshot history, Digest app) {
        policy.promoteFrom().ifPresent(from -> {
            Optional<Release> there = history.last(from);
            if (!there.map(Release::app).equals(Optional.of(app))) {
                throw new ReleaseException.Refused(environment + ": expected the build that " + from + " runs, "
                        + there.map(release -> "app "
                                        + release.app().shortText() + " ("
                                        + release.id().label() + "), got " + app.shortText())
                                .orElse("which has no release yet")
                        + "; release to " + from + " first, then release promote " + from + " " + environment);
            }
        });
    }

    private void healthy(Snapshot history, Digest app) {
        policy.promoteHealthy()
                .flatMap(atLeast ->
                        policy.promoteFrom().map(from -> new HealthProof(environment, from, atLeast, workspace)))
                .ifPresent(proof -> proof.require(history, app));
    }

    /** Throws if the environment is frozen. */
    void notFrozen(Snapshot history) {
        freeze(history).ifPresent(freeze -> {
            String unsigned = history.freeze(environment)
                    .filter(newest -> !newest.frozen())
                    .map(newest -> "; its end by " + newest.audit().by() + ", " + newest.path() + ", is not signed by "
                            + String.join(" or ", policy.requireSignatureBy()))
                    .orElse("");
            throw new ReleaseException.Refused(
                    environment + ": frozen by " + freeze.audit().by() + " since "
                            + freeze.at()
                            + freeze.audit().why().map(why -> " (" + why + ")").orElse("")
                            + unsigned + "; release unfreeze " + environment + " ends it");
        });
    }

    /** {@return the freeze that holds now; empty if there is none} */
    Optional<Freeze> freeze(Snapshot history) {
        return BelievedFreeze.now(history, environment, policy.requireSignatureBy(), workspace.signing());
    }
}
