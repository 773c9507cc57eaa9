package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;
import java.util.function.Function;

/** Freezes or unfreezes an environment; a frozen one accepts no release. */
public record FreezeSwitch(Workspace workspace) {

    /** {@return the freeze, or its end; no entry if the environment is already in that state}
     *
     *  @param frozen true starts, false ends
     *  @param why the user's words
     *  @param dryRun whether to write nothing
     *  @throws ReleaseException.NotFound if there is no such environment */
    public Appended<Freeze> run(Environment environment, boolean frozen, Optional<String> why, boolean dryRun) {
        workspace.signing().begin();
        boolean hasFile = Render.environments(workspace).contains(environment);
        // An environment with a broken file can be frozen; to unfreeze it, the file must be mended first.
        Policy policy = frozen
                ? EnvironmentPolicy.readable(workspace, environment)
                : EnvironmentPolicy.required(workspace, environment);
        Gates gates = new Gates(workspace, environment, policy);
        Function<Snapshot, Optional<Freeze>> next = history -> {
            if (!hasFile && history.last(environment).isEmpty()) {
                throw new ReleaseException.NotFound(environment + ": no such environment");
            }
            int last = history.freeze(environment).map(Freeze::number).orElse(0);
            return gates.freeze(history).isPresent() == frozen
                    ? Optional.empty()
                    : Optional.of(new Freeze(workspace.next(history, environment, last + 1, why), frozen));
        };
        if (dryRun) {
            Snapshot now = workspace.ledger().readOrEmpty();
            gates.signer(workspace.now(now));
            return Appended.predicted(next.apply(now));
        }
        return Appended.of(workspace
                .ledger()
                .append(history -> next.apply(history).map(freeze -> gates.signed(Ledger.Draft.of(freeze))))
                .map(Freeze.class::cast));
    }
}
