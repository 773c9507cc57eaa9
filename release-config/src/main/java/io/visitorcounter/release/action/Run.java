package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.run.EngineRun;
import io.visitorcounter.release.run.LocalRun;
import io.visitorcounter.release.run.Prepared;
import io.visitorcounter.release.run.RunnableRelease;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prepares a release, unchanged, to run on this machine.
 *
 *  @param local how releases run here */
public record Run(Workspace workspace, LocalRun local) {

    // As long as docker stop waits; added to the drain delay.
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

    /** A release that is about to run.
     *
     *  @param release which one
     *  @param process what is to be started
     *  @param explained the exit codes with which its process says why it ended */
    public record Ready(Release release, Prepared process, Set<Integer> explained) {}

    /** {@return the release, ready to be started in a container engine or on this machine}
     *
     *  @param version which one; empty: the newest
     *  @param engine the engine; empty: this machine
     *  @param said what the user declares about the image
     *  @throws ReleaseException.NotFound if there is none
     *  @throws ReleaseException.VerificationFailed if it differs from what was released
     *  @throws ReleaseException.Unhealthy if it can't run here */
    public Ready prepare(
            Environment environment,
            Optional<Integer> version,
            Optional<EngineRun> engine,
            ImageDeclaration.Overrides said) {
        RecordedRelease recorded = RecordedRelease.resolve(workspace.ledger().read(), environment, version);
        Release release = recorded.release();
        new SignedRelease(workspace, recorded.history()).require(release);
        Bundle bundle = recorded.bundle();
        Image image = recorded.image();
        String name = release.content().releaseImage().name();
        ImageDeclaration declared = ImageDeclaration.of(image).with(said);
        Duration grace = declared.drain()
                .or(() -> declared.drainKey().flatMap(bundle::duration))
                .orElse(Duration.ZERO)
                .plus(LAST_REQUESTS);
        RunnableRelease runnable = new RunnableRelease(
                release.id(), workspace.images(), name, image, declared, bundle.env(), bundle.variables(), grace);
        Prepared process =
                engine.map(container -> container.prepare(runnable)).orElseGet(() -> local.prepare(runnable));
        Set<Integer> explained = Stream.of(declared.invalidConfigExit(), declared.failedStartExit())
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
        return new Ready(release, process, explained);
    }
}
