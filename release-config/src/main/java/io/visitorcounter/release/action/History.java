package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Reads the ledger. */
public record History(Workspace workspace) {

    /** {@return an environment's releases, newest first, at least one}
     *
     *  @throws ReleaseException.NotFound if there is none */
    public List<SourcedRelease> list(Environment environment, int limit) {
        Snapshot history = workspace.ledger().read();
        history.resolve(environment, Optional.empty());
        return SourcedRelease.of(history, history.history(environment, limit)).stream()
                .map(release -> release.withApprovals(history, workspace.signing()))
                .toList();
    }

    /** {@return an environment's deployments, newest first; none if nothing was deployed} */
    public List<DeploymentRecord.Course> deployments(Environment environment, int limit) {
        return new DeploymentRecord(workspace.deployments().readOrEmpty()).history(environment, limit);
    }

    /** One deployment with what its engine was given.
     *
     *  @param course how it began and ended
     *  @param manifest what its engine was given, checked against the recorded digest */
    public record DeploymentDetail(DeploymentRecord.Course course, String manifest) {}

    /** {@return a deployment}
     *
     *  @param number which one; empty: the newest
     *  @throws ReleaseException.NotFound if there is none */
    public DeploymentDetail deployment(Environment environment, Optional<Integer> number) {
        DeploymentRecord record = new DeploymentRecord(workspace.deployments().read());
        int newest = record.newest(environment);
        DeploymentRecord.Course course = record.find(environment, number.orElse(newest))
                .orElseThrow(() -> new ReleaseException.NotFound(environment + ": expected deployment "
                        + number.map(String::valueOf).orElse("latest") + ", got "
                        + (newest == 0 ? "none yet" : "1 to " + newest)));
        return new DeploymentDetail(course, record.manifest(course.begun()));
    }

    /** One release with what the ledger keeps next to its entry.
     *
     *  @param sourced the entry, and where it comes from
     *  @param digest of the entry's bytes
     *  @param newest the environment's newest release
     *  @param bundle its config */
    public record ReleaseDetail(SourcedRelease sourced, Digest digest, ReleaseId newest, Bundle bundle) {

        /** {@return the entry} */
        public Release release() {
            return sourced.release();
        }
    }

    /** {@return a release, its bundle checked against the recorded digest}
     *
     *  @param version which one; empty: the newest
     *  @throws ReleaseException.NotFound if there is none */
    public ReleaseDetail show(Environment environment, Optional<Integer> version) {
        Snapshot history = workspace.ledger().read();
        Release newest = history.resolve(environment, Optional.empty());
        RecordedRelease recorded = RecordedRelease.resolve(history, environment, version);
        Digest digest = Digest.of(history.file(recorded.release().path()).orElseThrow());
        return new ReleaseDetail(
                new SourcedRelease(recorded.release(), recorded.source(), List.of())
                        .withApprovals(history, workspace.signing()),
                digest,
                newest.id(),
                recorded.bundle());
    }
}
