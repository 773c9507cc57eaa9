package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Makes a release with the content of an earlier one. The image already exists, so nothing is built or pushed: only an
 *  entry is added to the ledger. */
public record Rollback(Workspace workspace) {

    /** {@return the new release, or the newest if it already has that content}
     *
     *  @param version whose content; empty: the last before the newest that has other content
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Environment environment, Optional<Integer> version, ReleaseOptions options) {
        workspace.signing().begin();
        Snapshot now = workspace.ledger().read();
        Release target = target(now, environment, version);
        Release newest = now.resolve(environment, Optional.empty());
        if (isSame(newest, target)) {
            return new ActionResult.Unchanged(newest);
        }
        RecordedRelease recorded = new RecordedRelease(now, target);
        ImageRestore restore = new ImageRestore(workspace, recorded);
        Background<Boolean> there = Background.start("image", restore::isThere);
        Gates gates = new Gates(workspace, environment, policy(environment));
        gates.notFrozen(now);
        gates.wasApproved(now, target);
        check(recorded);
        Release predicted = entry(now, newest, target, options.why());
        boolean isThere = there.get();
        List<String> warnings = workspace.clockWarning(now).stream().toList();
        if (options.dryRun()) {
            return new ActionResult.Predicted(predicted, warnings, gates.wouldSign(predicted.at()), Optional.empty());
        }
        Optional<Signing.Own> signer = gates.signer(predicted.at());
        gates.confirmed(options.confirmation());
        if (!isThere) {
            restore.restore();
        }
        // The target was decided above: a release made in the meantime must not change it.
        return workspace
                .ledger()
                .append(history -> {
                    Release last = history.resolve(environment, Optional.empty());
                    if (isSame(last, target)) {
                        return Optional.empty();
                    }
                    gates.notFrozen(history);
                    Release entry = entry(history, last, target, options.why());
                    return Optional.of(gates.signed(new Ledger.Draft(entry, recorded.files())));
                })
                .<ActionResult>map(
                        entry -> new ActionResult.Released((Release) entry, warnings, signer.map(Signing.Own::label)))
                .orElseGet(() ->
                        new ActionResult.Unchanged(workspace.ledger().read().resolve(environment, Optional.empty())));
    }

    private static Release target(Snapshot history, Environment environment, Optional<Integer> asked) {
        if (asked.isPresent()) {
            return history.get(new ReleaseId(environment, asked.get()));
        }
        Release newest = history.resolve(environment, Optional.empty());
        for (int version = newest.id().version() - 1; version >= 1; version--) {
            Release earlier = history.get(new ReleaseId(environment, version));
            if (!isSame(newest, earlier)) {
                return earlier;
            }
        }
        throw new ReleaseException.NotFound(newest.id().label() + ": no release before it with other content");
    }

    private static boolean isSame(Release one, Release other) {
        return one.content()
                .releaseImage()
                .digest()
                .equals(other.content().releaseImage().digest());
    }

    /** The current policy: a rollback must not bypass a gate that was closed later. A broken file may be the reason for
     *  the rollback, so it does not prevent one that is confirmed. */
    private Policy policy(Environment environment) {
        if (!Render.environments(workspace).contains(environment)) {
            return Policy.open();
        }
        EnvironmentConfig files = Render.read(workspace, environment);
        Policy policy = files.policy();
        return files.faultTexts().isEmpty()
                ? policy
                : new Policy(
                        policy.promoteFrom(),
                        policy.requireClean(),
                        true,
                        policy.promoteHealthy(),
                        policy.deploy(),
                        policy.requireSignatureBy(),
                        policy.build(),
                        policy.approvals());
    }

    private static void check(RecordedRelease recorded) {
        String where = recorded.id().label();
        Contract contract;
        try {
            contract = recorded.contract();
        } catch (ReleaseException.ConfigInvalid e) {
            throw new ReleaseException.Refused(where + ": can't be rolled back to: " + e.getMessage());
        }
        List<ConfigFault> faults = contract.check(recorded.bundle());
        if (!faults.isEmpty()) {
            throw new ReleaseException.Refused(where
                    + ": can't be rolled back to: its config does not fit its build's contract: " + faults.get(0));
        }
    }

    private Release entry(Snapshot history, Release newest, Release target, Optional<String> why) {
        return new Release(
                workspace.next(history, newest.environment(), newest.number() + 1, why),
                Release.Origin.ROLLED_BACK,
                Optional.of(target.id()),
                target.content());
    }
}
