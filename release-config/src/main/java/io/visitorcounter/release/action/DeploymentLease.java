package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.EntryHeader;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The right to deploy to a target. The owner of the newest deployment there holds it until that deployment ends or its
 *  deadline passes. It is taken by an append, so of two at once exactly one gets it, and the other sees that. */
record DeploymentLease(
        Workspace workspace, Gates gates, Sleeper sleeper, Consumer<DeployProgress> progress, DeployOptions options) {

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration MARGIN = Duration.ofSeconds(60);

    /** What is to be deployed.
     *
     *  @param environment which environment
     *  @param place the target
     *  @param subject the release and its manifest
     *  @param manifest what the engine is given */
    record Wish(Environment environment, Deployment.Destination place, Deployment.Subject subject, String manifest) {}

    /** {@return the number of the environment's next deployment} */
    int next(Environment environment) {
        return record().newest(environment) + 1;
    }

    /** {@return the newest deployment at a target} */
    Optional<DeploymentRecord.Course> last(Environment environment, String target) {
        return record().last(environment, target);
    }

    private DeploymentRecord record() {
        return new DeploymentRecord(workspace.deployments().readOrEmpty());
    }

    /** {@return what would be recorded, unless another deployment comes first} */
    Deployment foreseen(Wish wish) {
        return begun(workspace.deployments().readOrEmpty(), wish);
    }

    /** {@return the deployment that is now in progress: a new one, or the caller's own unfinished one}
     *
     *  @throws ReleaseException.Contention if another is in progress, and does not end within the wait */
    Deployment take(Wish wish) {
        Instant limit = workspace.clock().instant().plus(options.patience());
        boolean told = false;
        while (true) {
            Optional<Deployment> open = last(wish.environment(), wish.place().target())
                    .filter(course -> course.ended().isEmpty())
                    .map(DeploymentRecord.Course::begun);
            if (open.isEmpty()) {
                Optional<Deployment> begun = begin(wish);
                if (begun.isPresent()) {
                    return begun.get();
                }
                continue;
            }
            Deployment there = open.get();
            if (isOwn(there, wish)) {
                tell("goes on with deployment " + there.number() + ", begun " + there.at());
                return there;
            }
            boolean overdue = workspace.clock().instant().isAfter(there.deadline());
            if (overdue || options.takeOver()) {
                tell("takes over from " + said(there) + (overdue ? ", overdue" : ""));
                new Ends(workspace, gates)
                        .end(
                                there,
                                header -> new DeploymentEnd(
                                        header,
                                        DeploymentEnd.Result.ABANDONED,
                                        Optional.of("taken over by " + workspace.by()),
                                        Optional.empty(),
                                        DeploymentEnd.Figures.none()));
                continue;
            }
            if (!workspace.clock().instant().isBefore(limit)) {
                throw new ReleaseException.Contention(wish.environment() + ": " + said(there) + " is under way until "
                        + there.deadline() + "; wait for it, or pass --take-over");
            }
            if (!told) {
                tell(said(there) + " is under way");
                told = true;
            }
            pause(there);
        }
    }

    private static String said(Deployment there) {
        return "deployment " + there.number() + " of "
                + there.subject().release().label() + " by " + there.audit().by() + " since "
                + there.at();
    }

    /** The same release with the same manifest, begun by the same user: a killed command continues. */
    private boolean isOwn(Deployment there, Wish wish) {
        return isBelieved(there)
                && there.audit().by().equals(workspace.by())
                && there.subject().release().equals(wish.subject().release())
                && there.subject().manifest().equals(wish.subject().manifest())
                && !workspace.clock().instant().isAfter(there.deadline())
                && !options.takeOver();
    }

    // Without a signature, an entry only claims whose it is.
    private boolean isBelieved(Deployment there) {
        return BelievedDeployments.of(workspace, workspace.deployments().read(), there.environment())
                .isBelieved(new DeploymentRecord.Course(there, Optional.empty()));
    }

    private Optional<Deployment> begin(Wish wish) {
        return workspace
                .deployments()
                .append(history -> {
                    boolean open = new DeploymentRecord(history)
                            .last(wish.environment(), wish.place().target())
                            .filter(course -> course.ended().isEmpty())
                            .isPresent();
                    if (open) {
                        return Optional.empty();
                    }
                    byte[] manifest = wish.manifest().getBytes(StandardCharsets.UTF_8);
                    Deployment begun = begun(history, wish);
                    return Optional.of(gates.signed(
                            new Ledger.Draft(begun, new TreeMap<>(Map.of(LedgerLayout.MANIFEST, manifest)))));
                })
                .map(Deployment.class::cast);
    }

    private Deployment begun(Snapshot history, Wish wish) {
        DeploymentRecord record = new DeploymentRecord(history);
        Optional<Deployment> healthy = BelievedDeployments.of(workspace, history, wish.environment())
                .lastHealthy(wish.place().target())
                .map(DeploymentRecord.Course::begun);
        EntryHeader header =
                workspace.next(history, wish.environment(), record.newest(wish.environment()) + 1, options.why());
        Duration back = healthy.map(deployment -> deployment.subject().timeout())
                .orElse(wish.subject().timeout());
        return new Deployment(
                header,
                wish.place(),
                wish.subject(),
                healthy.map(Deployment::number),
                // Bounds the whole way, out and back.
                header.audit()
                        .at()
                        .plus(wish.subject().timeout())
                        .plus(wish.subject().soak())
                        .plus(back)
                        .plus(MARGIN));
    }

    private void tell(String text) {
        progress.accept(new DeployProgress(DeployProgress.Leg.WAIT, text, Duration.ZERO, List.of()));
    }

    private void pause(Deployment there) {
        try {
            sleeper.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Contention(said(there) + " is under way; interrupted while waiting for it");
        }
    }

    /** The ends, in the ledger. */
    record Ends(Workspace workspace, Gates gates) implements DeploymentLog {

        @Override
        public DeploymentEnd end(Deployment deployment, Function<EntryHeader, DeploymentEnd> end) {
            return workspace
                    .deployments()
                    .append(history -> {
                        if (ended(history, deployment).isPresent()) {
                            return Optional.empty();
                        }
                        EntryHeader header = workspace.next(
                                history, deployment.environment(), deployment.number(), Optional.empty());
                        return Optional.of(gates.signed(Ledger.Draft.of(end.apply(header))));
                    })
                    .map(DeploymentEnd.class::cast)
                    .or(() -> ended(workspace.deployments().read(), deployment))
                    .orElseThrow();
        }

        private static Optional<DeploymentEnd> ended(Snapshot history, Deployment deployment) {
            return new DeploymentRecord(history)
                    .find(deployment.environment(), deployment.number())
                    .flatMap(DeploymentRecord.Course::ended);
        }
    }
}
