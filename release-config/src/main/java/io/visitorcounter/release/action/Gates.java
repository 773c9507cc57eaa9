package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.ConfigFolder;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an environment asks of its releases, held to what is about to be released: once before anything is written, and
 *  what others can change meanwhile again at the append. */
final class Gates {

    private static final int MAX_NAMED_FILES = 3;

    private final Workspace workspace;
    private final Environment environment;
    private final Policy policy;

    Gates(Workspace workspace, Environment environment, Policy policy) {
        this.workspace = workspace;
        this.environment = environment;
        this.policy = policy;
    }

    /** Throws if the release must not be made: of config that is not committed, while frozen, or of a build that the
     *  environment before does not run. */
    void before(Optional<Snapshot> history, ConfigFolder.ConfigState config, Digest app) {
        clean(config);
        history.ifPresent(now -> notFrozen(now, environment));
        promoted(history, app);
        healthy(history, app);
    }

    /** Throws if others have closed a gate meanwhile. */
    void atAppend(Snapshot history, Digest app) {
        notFrozen(history, environment);
        promoted(Optional.of(history), app);
        healthy(Optional.of(history), app);
    }

    /** Throws if a person must confirm and has not. */
    void confirmed(Confirmation asked) {
        if (!policy.confirm()) {
            return;
        }
        Optional<String> confirmation = asked.of(environment);
        if (!confirmation.filter(environment.name()::equals).isPresent()) {
            throw new ReleaseException.Refused(environment + ": expected a confirmation, got "
                    + confirmation.map(PrintableText::quoted).orElse("none") + "; pass --confirm " + environment);
        }
    }

    /** {@return who signs what is appended now; empty if nobody does, and nobody must}
     *
     *  @param at the time that the entry will have
     *  @throws ReleaseException.Refused if the policy asks for a signature that can't be given here */
    Optional<Signing.Own> signer(Signing signing, Instant at) {
        Optional<Signing.Own> own = signing.own(at, policy.requireSignatureBy());
        if (own.isEmpty() && !policy.requireSignatureBy().isEmpty()) {
            throw new ReleaseException.Refused(environment + ": expected a signature by "
                    + String.join(" or ", policy.requireSignatureBy())
                    + ", got no key; name its file with --signing-key or RELEASE_SIGNING_KEY");
        }
        return own;
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

    private void promoted(Optional<Snapshot> history, Digest app) {
        policy.promoteFrom().ifPresent(from -> {
            Optional<Release> there = history.flatMap(now -> now.last(from));
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

    private void healthy(Optional<Snapshot> history, Digest app) {
        if (history.isPresent()
                && policy.promoteFrom().isPresent()
                && policy.promoteHealthy().isPresent()) {
            new HealthProof(
                            environment,
                            policy.promoteFrom().get(),
                            policy.promoteHealthy().get())
                    .require(
                            history.get(),
                            workspace.deployments().readIfThere(),
                            app,
                            workspace.clock().instant());
        }
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
