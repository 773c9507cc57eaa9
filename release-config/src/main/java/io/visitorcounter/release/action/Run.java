package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.run.EngineRun;
import io.visitorcounter.release.run.LocalRun;
import java.util.Optional;

/** Gets a release ready to run on this machine, and changes nothing of it. */
public final class Run {

    private final Workspace workspace;
    private final LocalRun local;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user
     *  @param local how releases run here */
    public Run(Workspace workspace, LocalRun local) {
        this.workspace = workspace;
        this.local = local;
    }

    /** A release that is about to run.
     *
     *  @param release which one
     *  @param process what is to be started */
    public record Ready(Release release, LocalRun.Prepared process) {}

    /** {@return the release, unpacked and checked, ready to be started}
     *
     *  @param environment whose
     *  @param version which one; empty: the newest
     *  @throws ReleaseException.NotFound if there is none
     *  @throws ReleaseException.VerificationFailed if it is not what was released
     *  @throws ReleaseException.Unhealthy if it can't run here */
    public Ready prepare(Environment environment, Optional<Integer> version) {
        return prepare(environment, version, Optional.empty());
    }

    /** {@return the release, ready to be started in a container engine or on this machine}
     *
     *  @param environment whose
     *  @param version which one; empty: the newest
     *  @param engine the engine; empty: this machine
     *  @throws ReleaseException.NotFound if there is none
     *  @throws ReleaseException.VerificationFailed if it is not what was released
     *  @throws ReleaseException.Unhealthy if it can't run here */
    public Ready prepare(Environment environment, Optional<Integer> version, Optional<EngineRun> engine) {
        Snapshot history = workspace.ledger().read();
        Release release = version.map(number -> history.get(new ReleaseId(environment, number)))
                .or(() -> history.last(environment))
                .orElseThrow(() -> new ReleaseException.NotFound(
                        environment + ": no release yet; make one with release create " + environment));
        Bundle bundle = Recorded.bundle(history, release);
        Image image = Recorded.release(history, release);
        String name = release.content().releaseImage().name();
        LocalRun.Prepared process = engine.map(container -> container.prepare(
                        release.id(),
                        Optional.of(name).filter(Registry::isReference),
                        workspace.images().file(name),
                        image,
                        bundle.env(),
                        bundle.variables()))
                .orElseGet(() ->
                        local.prepare(release.id(), workspace.images(), name, image, bundle.env(), bundle.variables()));
        return new Ready(release, process);
    }
}
