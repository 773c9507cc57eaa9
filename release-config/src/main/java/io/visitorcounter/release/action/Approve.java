package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Approval;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Writes a person's approval of a release into the ledger, before the release is made. */
public record Approve(Workspace workspace) {

    /** The result.
     *
     *  @param approval the entry; none if the same key has already approved the same
     *  @param by who approves, such as {@code alice (alice-laptop)}; empty in a dry run without a key
     *  @param state the approvals of the release from here on */
    public record Given(Appended<Approval> approval, Optional<String> by, AskedApprovals state) {}

    /** {@return the result}
     *
     *  @param wanted the release that would be made
     *  @param why the user's words
     *  @param dryRun whether to write nothing
     *  @throws ReleaseException.Refused if the environment's file requires no approvals, or does not accept this key's
     *  @throws ReleaseException.Usage if there is no key */
    public Given run(Release wanted, Optional<String> why, boolean dryRun) {
        workspace.signing().begin();
        Environment environment = wanted.environment();
        Policy policy = EnvironmentPolicy.required(workspace, environment);
        if (policy.approvals().count() == 0) {
            throw new ReleaseException.Refused(
                    environment + ": expected a file that asks for approvals, got one without require-approvals");
        }
        Gates gates = new Gates(workspace, environment, policy);
        Approval.Approved subject = Approval.Approved.of(wanted.content());
        Snapshot now = workspace.ledger().readOrEmpty();
        if (dryRun) {
            Optional<Signing.Own> own = own(policy, now);
            Optional<Approval> next = own.isPresent() && isGiven(now, environment, subject, own.get())
                    ? Optional.empty()
                    : Optional.of(approval(now, environment, subject, why));
            return new Given(Appended.predicted(next), own.map(Signing.Own::label), state(gates, wanted));
        }
        if (!workspace.signing().isOn()) {
            throw Signing.noKey("approve");
        }
        Signing.Own own = own(policy, now).orElseThrow();
        Optional<Approval> appended = workspace
                .ledger()
                .append(history -> isGiven(history, environment, subject, own)
                        ? Optional.empty()
                        : Optional.of(Ledger.Draft.of(approval(history, environment, subject, why))
                                .signedBy(own(policy, history))))
                .map(Approval.class::cast);
        return new Given(Appended.of(appended), Optional.of(own.label()), state(gates, wanted));
    }

    private Optional<Signing.Own> own(Policy policy, Snapshot history) {
        return workspace
                .signing()
                .own(workspace.now(history), policy.approvals().by());
    }

    private AskedApprovals state(Gates gates, Release wanted) {
        Snapshot now = workspace.ledger().readOrEmpty();
        return gates.approvals(now, wanted.content(), workspace.now(now)).orElseThrow();
    }

    private boolean isGiven(Snapshot history, Environment environment, Approval.Approved subject, Signing.Own own) {
        SignatureCheck check = new SignatureCheck(history, workspace.signing().signers());
        return waiting(history, environment).stream()
                .anyMatch(approval -> approval.subject().equals(subject) && check.isSignedWith(own.key(), approval));
    }

    private static List<Approval> waiting(Snapshot history, Environment environment) {
        return history.approvals(
                environment, history.last(environment).map(Release::sequence).orElse(0L));
    }

    private Approval approval(
            Snapshot history, Environment environment, Approval.Approved subject, Optional<String> why) {
        int last = history.approvals(environment, 0).stream()
                .findFirst()
                .map(Approval::number)
                .orElse(0);
        return new Approval(workspace.next(history, environment, last + 1, why), subject);
    }
}
