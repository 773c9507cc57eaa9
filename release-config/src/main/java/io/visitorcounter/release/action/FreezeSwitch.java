package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;

/** Freezes or unfreezes an environment; a frozen one accepts no release. */
public record FreezeSwitch(Workspace workspace) {

    /** The result.
     *
     *  @param freeze the entry that was or would be appended; empty if the environment is already in that state
     *  @param written whether it was appended */
    public record Turned(Optional<Freeze> freeze, boolean written) {}

    /** {@return the result}
     *
     *  @param frozen true starts, false ends
     *  @param why the user's words
     *  @param dryRun whether to write nothing
     *  @throws ReleaseException.NotFound if there is no such environment */
    public Turned run(Environment environment, boolean frozen, Optional<String> why, boolean dryRun) {
        workspace.signing().begin();
        boolean hasFile = Render.environments(workspace).contains(environment);
        // An environment with a broken file can be frozen; to unfreeze it, the file must be mended first.
        Policy policy = frozen
                ? EnvironmentPolicy.readable(workspace, environment)
                : EnvironmentPolicy.required(workspace, environment);
        Gates gates = new Gates(workspace, environment, policy);
        if (dryRun) {
            Snapshot now = workspace.ledger().readOrEmpty();
            gates.signer(workspace.now(now));
            return new Turned(decide(gates, now, environment, hasFile, frozen, why), false);
        }
        Optional<Freeze> appended = workspace
                .ledger()
                .append(history -> decide(gates, history, environment, hasFile, frozen, why)
                        .map(freeze -> gates.signed(Ledger.Draft.of(freeze))))
                .map(Freeze.class::cast);
        return new Turned(appended, appended.isPresent());
    }

    private Optional<Freeze> decide(
            Gates gates,
            Snapshot history,
            Environment environment,
            boolean hasFile,
            boolean frozen,
            Optional<String> why) {
        if (!hasFile && history.last(environment).isEmpty()) {
            throw new ReleaseException.NotFound(environment + ": no such environment");
        }
        return gates.freeze(history).isPresent() == frozen
                ? Optional.empty()
                : Optional.of(next(history, environment, frozen, why));
    }

    private Freeze next(Snapshot history, Environment environment, boolean frozen, Optional<String> why) {
        return new Freeze(
                Ledger.nextSequence(history),
                history.head(),
                environment,
                history.freeze(environment).map(Freeze::number).orElse(0) + 1,
                frozen,
                workspace.audit(history, why));
    }
}
