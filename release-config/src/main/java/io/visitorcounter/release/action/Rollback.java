package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.ConfigFault;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Makes a release with the content of an earlier one. The image is there already, so nothing is made and nothing is
 *  pushed: it is one entry in the ledger. */
public final class Rollback {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Rollback(Workspace workspace) {
        this.workspace = workspace;
    }

    /** What is asked for.
     *
     *  @param environment where
     *  @param version whose content; empty: the last before the newest that has other content
     *  @param why the user's words
     *  @param confirmation who confirms where the environment's file asks for it
     *  @param dryRun whether to write nothing */
    public record Request(
            Environment environment,
            Optional<Integer> version,
            Optional<String> why,
            Confirmation confirmation,
            boolean dryRun) {}

    /** {@return the new release, or the newest if it has that content already}
     *
     *  @param request what is asked for
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Request request) {
        Environment environment = request.environment();
        Snapshot now = workspace.ledger().read();
        Release target = target(now, request);
        Release newest = newest(now, environment);
        if (isSame(newest, target)) {
            return new ActionResult.Unchanged(newest);
        }
        ImageRestore restore = new ImageRestore(workspace.images(), now);
        Background<Boolean> there = Background.start("image", () -> restore.isThere(target));
        Gates.notFrozen(now, environment);
        check(now, target);
        boolean isThere = there.get();
        if (request.dryRun()) {
            return new ActionResult.Predicted(entry(now, newest, target, request.why()), List.of());
        }
        new Gates(environment, policy(environment)).confirmed(request.confirmation());
        if (!isThere) {
            restore.restore(target);
        }
        // Which release "the last before" is was decided above: another's release in between must not move it.
        return workspace
                .ledger()
                .append(history -> {
                    Release last = newest(history, environment);
                    if (isSame(last, target)) {
                        return Optional.empty();
                    }
                    Gates.notFrozen(history, environment);
                    Release entry = entry(history, last, target, request.why());
                    return Optional.of(copy(history, target, entry));
                })
                .<ActionResult>map(entry -> new ActionResult.Released((Release) entry, List.of()))
                .orElseGet(() ->
                        new ActionResult.Unchanged(newest(workspace.ledger().read(), environment)));
    }

    private static Ledger.Draft copy(Snapshot history, Release target, Release entry) {
        SortedMap<String, byte[]> bundle = history.bundle(target.id());
        return new Ledger.Draft(
                entry, Recorded.files(bundle, Recorded.app(history, target), Recorded.release(history, target)));
    }

    private static Release newest(Snapshot history, Environment environment) {
        return history.last(environment)
                .orElseThrow(() -> new ReleaseException.NotFound(
                        environment + ": no release yet; make one with release create " + environment));
    }

    private static Release target(Snapshot history, Request request) {
        Environment environment = request.environment();
        if (request.version().isPresent()) {
            return history.get(new ReleaseId(environment, request.version().get()));
        }
        Release newest = newest(history, environment);
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

    /** The policy is today's: a rollback must not slip past a gate that was closed since. A file that is broken, which
     *  may be why one rolls back, stops nobody who confirms. */
    private Policy policy(Environment environment) {
        if (!Render.environments(workspace).contains(environment)) {
            return Policy.open();
        }
        Policy.Found found = new EnvironmentFiles(workspace.environments()).policy(environment);
        Policy policy = found.policy();
        return found.faults().isEmpty() ? policy : new Policy(policy.promoteFrom(), policy.requireClean(), true);
    }

    private void check(Snapshot history, Release target) {
        Bundle bundle = Recorded.bundle(history, target);
        Image app = Recorded.app(history, target);
        String where = target.id().label();
        Contract contract;
        try {
            contract = AppContract.of(where, app, target.content().contract().isEmpty());
        } catch (ReleaseException.ConfigInvalid e) {
            throw new ReleaseException.Refused(where + ": can't be rolled back to: " + e.getMessage());
        }
        List<ConfigFault> faults = contract.check(bundle);
        if (!faults.isEmpty()) {
            throw new ReleaseException.Refused(where
                    + ": can't be rolled back to: its config does not fit its build's contract: " + faults.get(0));
        }
    }

    private Release entry(Snapshot history, Release newest, Release target, Optional<String> why) {
        return new Release(
                Ledger.nextSequence(history),
                history.head(),
                newest.id().next(),
                Release.Origin.ROLLED_BACK,
                Optional.of(target.id()),
                target.content(),
                workspace.audit(why));
    }
}
