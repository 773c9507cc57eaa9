package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Shows every environment: what it has, and what has changed since. */
public record Status(Workspace workspace) {

    /** One environment.
     *
     *  @param environment which one
     *  @param current its release; empty: none yet
     *  @param freeze the freeze that holds now
     *  @param changes what has changed since, a few words each; empty: nothing */
    public record EnvironmentStatus(
            Environment environment, Optional<SourcedRelease> current, Optional<Freeze> freeze, List<String> changes) {

        /** {@return its release; empty: none yet} */
        public Optional<Release> release() {
            return current.map(SourcedRelease::release);
        }
    }

    /** {@return the status of every environment that has a file or a release, sorted} */
    public List<EnvironmentStatus> run() {
        Snapshot history = workspace.ledger().readOrEmpty();
        TreeSet<Environment> environments = new TreeSet<>(Render.environments(workspace));
        environments.addAll(history.environments());
        List<EnvironmentStatus> lines = new ArrayList<>();
        for (Environment environment : environments) {
            Optional<Release> release = history.last(environment);
            Optional<Freeze> freeze = new Gates(
                            workspace, environment, EnvironmentPolicy.readable(workspace, environment))
                    .freeze(history);
            List<String> changes = release.map(last -> changes(history, last)).orElse(List.of());
            lines.add(new EnvironmentStatus(
                    environment, release.map(last -> SourcedRelease.of(history, last)), freeze, changes));
        }
        return lines;
    }

    private List<String> changes(Snapshot history, Release last) {
        Environment environment = last.id().environment();
        List<String> changes = new ArrayList<>();
        try {
            Rendering.Rendered rendered =
                    Render.rendered(Render.read(workspace, environment), new RecordedRelease(history, last).contract());
            if (!rendered.bundle().digest().equals(last.content().bundle())) {
                changes.add("config changed since");
            }
            behind(history, last, rendered.policy()).ifPresent(changes::add);
            List<DeploySettings> targets = rendered.policy().deploy();
            // On another branch, which may be remote: read only if something is deployed.
            if (!targets.isEmpty()) {
                changes.addAll(DeploymentRemarks.of(
                        new DeploymentRecord(workspace.deployments().readOrEmpty()),
                        last.id(),
                        targets,
                        workspace.clock().instant()));
            }
        } catch (ReleaseException.ConfigInvalid e) {
            changes.add("config is invalid: " + e.getMessage());
        } catch (ReleaseException.NotFound e) {
            changes.add("has no file any more");
        }
        return changes;
    }

    private static Optional<String> behind(Snapshot history, Release last, Policy policy) {
        return policy.promoteFrom()
                .flatMap(history::last)
                .filter(source -> !source.app().equals(last.app()))
                .map(source -> "a different build from " + source.id().label());
    }
}
