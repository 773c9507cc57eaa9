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

/** What an environment asks of its releases, held to what is about to be released: once before anything is written, and
 *  what others can change meanwhile again at the append. */
record Gates(Workspace workspace, Environment environment, Policy policy) {

    private static final int MAX_NAMED_FILES = 3;

    /** Throws if the release must not be made: of config that is not committed, while frozen, or of a build that the
     *  environment before does not run. */
    void before(Snapshot history, ConfigFolder.ConfigState config, Digest app) {
        clean(config);
        notFrozen(history);
        promoted(history, app);
        healthy(history, app);
    }

    /** Throws if others have closed a gate meanwhile. */
    void atAppend(Snapshot history, Digest app) {
        notFrozen(history);
        promoted(history, app);
        healthy(history, app);
    }

    /** Throws if a person must confirm and has not. */
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

    /** {@return who signs what is appended now; empty if there is no key and none is required}
     *
     *  @param at the time that the entry will have
     *  @throws ReleaseException.Refused if the policy asks for a signature that can't be given here */
    Optional<Signing.Own> signer(Instant at) {
        Optional<Signing.Own> own = workspace.signing().own(at, policy.requireSignatureBy());
        if (own.isEmpty() && !policy.requireSignatureBy().isEmpty()) {
            throw new ReleaseException.Refused(environment + ": expected a signature by "
                    + String.join(" or ", policy.requireSignatureBy())
                    + ", got no key; name its file with --signing-key or RELEASE_SIGNING_KEY");
        }
        return own;
    }

    /** {@return an entry signed as the policy asks, at its own time}
     *
     *  @throws ReleaseException.Refused if the policy asks for a signature that can't be given here */
    Ledger.Draft signed(Ledger.Draft draft) {
        return draft.signedBy(signer(draft.entry().at()));
    }

    /** {@return who would sign what a dry run tells of; empty if nobody would. It needs no key: whoever approves a release
     *      may not be who signs it}
     *
     *  @param at the time that the entry would have
     *  @throws ReleaseException.Refused if there is a key, and it may not sign */
    Optional<String> wouldSign(Instant at) {
        return workspace.signing().isOn() || policy.requireSignatureBy().isEmpty()
                ? signer(at).map(Signing.Own::label)
                : Optional.of(String.join(" or ", policy.requireSignatureBy()) + ", whose key is not here");
    }

    /** {@return the proof of how a build was made, to be kept beside the entry}
     *
     *  @param known what the release that is promoted has
     *  @param said what is attached to the build
     *  @param at the time that the entry will have
     *  @throws ReleaseException.Refused if the policy asks for one, and there is none */
    Optional<byte[]> proof(Optional<BuildProof.KnownProvenance> known, AppStatements said, Instant at) {
        // Who asks nothing reads no file of signers.
        return policy.build().by().isEmpty()
                ? known.map(BuildProof.KnownProvenance::bytes)
                : new BuildProof(
                                environment, policy.build(), workspace.signing().signers())
                        .find(known, said, at);
    }

    /** Throws if people must have said yes to a release, and have not.
     *
     *  @param at the time that its entry will have
     *  @param releaser who signs it */
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

    /** Throws if a release whose content is to come back was made without the approvals that it needed. */
    void wasApproved(Snapshot history, Release target) {
        if (policy.approvals().count() > 0) {
            new ApprovalGate(history, workspace.signing().signers(), environment, policy.approvals())
                    .then(target)
                    .ifPresent(fault -> {
                        throw new ReleaseException.Refused(fault);
                    });
        }
    }

    /** {@return who must approve what a dry run tells of, and who has; empty if nobody must}
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
