package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;

/** Starts or ends a time in which an environment takes no release. */
public final class FreezeSwitch {

    private final Site site;

    /** Sets where everything is.
     *
     *  @param site where everything is */
    public FreezeSwitch(Site site) {
        this.site = site;
    }

    /** {@return the freeze as appended; empty if the environment is so already}
     *
     *  @param environment which one
     *  @param frozen true starts, false ends
     *  @param why the user's words
     *  @throws ReleaseException.NotFound if there is no such environment */
    public Optional<Freeze> run(Environment environment, boolean frozen, Optional<String> why) {
        boolean hasFile = Render.environments(site).contains(environment);
        return site.ledger()
                .append(history -> {
                    if (!hasFile && history.last(environment).isEmpty()) {
                        throw new ReleaseException.NotFound(environment + ": no such environment");
                    }
                    Optional<Freeze> last = history.freeze(environment);
                    if (last.map(Freeze::frozen).orElse(false) == frozen) {
                        return Optional.empty();
                    }
                    return Optional.of(Ledger.Draft.of(next(history, environment, last, frozen, why)));
                })
                .map(Freeze.class::cast);
    }

    private Freeze next(
            Snapshot history, Environment environment, Optional<Freeze> last, boolean frozen, Optional<String> why) {
        return new Freeze(
                Ledger.nextSequence(history),
                history.head(),
                environment,
                last.map(Freeze::number).orElse(0) + 1,
                frozen,
                site.act(why));
    }
}
