package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes a release of exactly the build that another environment runs, with this environment's config. */
public record Promote(Workspace workspace) {

    /** What is asked for.
     *
     *  @param from whose build; empty: the source that the target's file names
     *  @param version which of its releases; empty: the newest
     *  @param to where to
     *  @param app the expected build; empty: any
     *  @param options how */
    public record Request(
            Optional<Environment> from,
            Optional<Integer> version,
            Environment to,
            Optional<String> app,
            ReleaseOptions options) {}

    /** What a promotion would change.
     *
     *  @param source the release whose build it takes
     *  @param target the release that the environment has now; empty: none
     *  @param config the config changes; everything if there is no release yet */
    public record Preview(Release source, Optional<Release> target, List<ConfigChange> config) {}

    /** {@return the new release, or the one that already has this content}
     *
     *  @param preview receives what will change, before anything does
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Request request, Consumer<Preview> preview) {
        workspace.signing().begin();
        Environment from = request.from().orElseGet(() -> source(request.to()));
        if (from.equals(request.to())) {
            throw new ReleaseException.Usage("release promote: expected two environments, got " + from + " twice");
        }
        Snapshot history = workspace.ledger().read();
        RecordedRelease source = RecordedRelease.resolve(history, from, request.version());
        new SignedRelease(workspace, history).require(source.release());
        request.app().ifPresent(app -> refuseOtherBuild(app, source.release()));
        Contract contract = source.contract();
        EnvironmentConfig files = Render.read(workspace, request.to());
        Rendering.Rendered rendered = Render.rendered(files, contract);
        refuseOtherSource(from, request.to(), rendered);
        preview.accept(preview(history, source.release(), request.to(), rendered));
        // As recorded: a registry that has deleted its manifest gets it back, if it still has the layers.
        ImageStore.Stored app = source.storedApp();
        return new ReleaseMaker(
                        workspace,
                        new ReleaseMaker.Plan(
                                request.to(),
                                new ImageStore.PendingImage(app, () -> {}),
                                contract,
                                files,
                                rendered,
                                Release.Origin.PROMOTED,
                                Optional.of(source.id()),
                                source.sbom(),
                                source.declared(),
                                source.proof(),
                                source.ofApp()),
                        request.options())
                .release(history);
    }

    private static Preview preview(Snapshot history, Release source, Environment to, Rendering.Rendered rendered) {
        Optional<Release> target = history.last(to);
        List<ConfigChange> changes = target.map(release -> new RecordedRelease(history, release).bundle())
                .map(bundle -> ConfigChange.between(bundle, rendered.bundle()))
                .orElse(List.of());
        return new Preview(source, target, changes);
    }

    private void refuseOtherBuild(String app, Release source) {
        Digest meant = workspace.images().find(app).image().digest();
        Digest recorded = source.app();
        if (!recorded.equals(meant)) {
            throw new ReleaseException.Refused(source.id().label() + ": expected the build " + meant + ", got "
                    + recorded + "; name the release that has it, as "
                    + source.id().environment() + "@vN");
        }
    }

    /** The environment that builds come from, as the file says. */
    private Environment source(Environment to) {
        if (!Render.environments(workspace).contains(to)) {
            throw new ReleaseException.NotFound(to + ": no such environment");
        }
        return EnvironmentPolicy.required(workspace, to)
                .promoteFrom()
                .orElseThrow(() -> new ReleaseException.Usage("release promote: expected two environments, got " + to
                        + ", whose file does not say where its builds come from; run release promote FROM " + to));
    }

    private static void refuseOtherSource(Environment source, Environment to, Rendering.Rendered rendered) {
        rendered.policy().promoteFrom().filter(from -> !from.equals(source)).ifPresent(from -> {
            throw new ReleaseException.Refused(to + ": expected a promotion from " + from + ", got one from " + source
                    + "; its file says promote-from = " + from);
        });
    }
}
