package io.visitorcounter.release.action;

import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Release;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the course of a deployment from the record: what it replaces, who answers for it, and where its end is
 *  recorded. */
record DeployCourses(Workspace workspace, Sleeper sleeper, Consumer<DeployProgress> progress) {

    /** The course of a deployment that has begun.
     *
     *  @param gates of its environment
     *  @param url what users use; empty: the processes are asked through the engine */
    DeployCourse of(
            Deployment deployment, Rollout rollout, Engine engine, Gates gates, Optional<URI> url, Release release) {
        DeploymentRecord record = new DeploymentRecord(workspace.deployments().read());
        return new DeployCourse(
                deployment,
                rollout,
                deployment
                        .replaces()
                        .flatMap(number -> record.find(deployment.environment(), number))
                        .map(healthy -> new DeployCourse.LastHealthy(
                                healthy.begun().subject().release(), rollout(record, healthy.begun()))),
                engine,
                new DeployCourse.Surroundings(
                        new DeploymentLease.Ends(workspace, gates),
                        url.<Answers>map(address -> new PublicAddress(address, release))
                                .orElseGet(() -> new EngineAnswers(engine, rollout, release)),
                        workspace.clock(),
                        sleeper,
                        progress));
    }

    /** {@return the recorded rollout that the engine was given} */
    static Rollout rollout(DeploymentRecord record, Deployment deployment) {
        Deployment.Subject subject = deployment.subject();
        return new Rollout(
                deployment.number(),
                subject.workload(),
                subject.image(),
                record.manifest(deployment),
                subject.replicas(),
                subject.timeout());
    }
}
