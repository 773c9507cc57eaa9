package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;

/** What an environment asks of its releases, held to what is about to be released. */
final class Gates {

    private final Environment environment;
    private final Policy policy;

    Gates(Environment environment, Policy policy) {
        this.environment = environment;
        this.policy = policy;
    }

    /** Throws if a person must confirm and has not. */
    void confirmed(Confirmation asked) {
        if (!policy.confirm()) {
            return;
        }
        Optional<String> confirmation = asked.of(environment);
        if (!confirmation.filter(environment.name()::equals).isPresent()) {
            throw new ReleaseException.Refused(environment + ": expected a confirmation, got "
                    + confirmation.map(text -> "\"" + text + "\"").orElse("none") + "; pass --confirm " + environment);
        }
    }

    /** Throws if the config must be committed and is not. */
    void clean(Optional<Release.ConfigCommit> config) {
        if (policy.requireClean() && !config.map(Release.ConfigCommit::clean).orElse(false)) {
            throw new ReleaseException.Refused(environment + ": expected config that is committed, got "
                    + (config.isPresent() ? "changes that are not" : "files of no git repository")
                    + "; commit them and try again");
        }
    }

    /** Throws if builds must come from another environment and that one does not run this one. */
    void promoted(Snapshot history, Digest app) {
        policy.promoteFrom().ifPresent(from -> {
            Optional<Release> there = history.last(from);
            if (!there.map(release -> release.content().appImage().digest()).equals(Optional.of(app))) {
                throw new ReleaseException.Refused(environment + ": expected the build that " + from + " runs, "
                        + there.map(release -> "app "
                                        + release.content().appImage().digest().shortText() + " ("
                                        + release.id().label() + "), got " + app.shortText())
                                .orElse("which has no release yet")
                        + "; release to " + from + " first, then release promote " + from + " " + environment);
            }
        });
    }

    /** Throws if builds must come from another environment: where nothing was released yet, none does. */
    void neverReleased() {
        policy.promoteFrom().ifPresent(from -> {
            throw new ReleaseException.Refused(environment + ": expected the build that " + from
                    + " runs, which has no release yet; release to " + from + " first, then release promote " + from
                    + " " + environment);
        });
    }

    /** Throws if the environment is frozen. */
    static void notFrozen(Snapshot history, Environment environment) {
        history.freeze(environment).filter(Freeze::frozen).ifPresent(freeze -> {
            throw new ReleaseException.Refused(
                    environment + ": frozen by " + freeze.audit().by() + " since "
                            + freeze.audit().at()
                            + freeze.audit().why().map(why -> " (" + why + ")").orElse("")
                            + "; release unfreeze " + environment + " ends it");
        });
    }
}
