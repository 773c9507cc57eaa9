package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes a release of the very build that another environment runs, with this environment's config. */
public final class Promote {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Promote(Workspace workspace) {
        this.workspace = workspace;
    }

    /** What is asked for.
     *
     *  @param from whose build; empty: the one that the target's file says it comes from
     *  @param version of which of its releases; empty: the newest
     *  @param to where to
     *  @param app the build that is meant; empty: whichever it is
     *  @param why the user's words
     *  @param confirmation who confirms where the environment's file asks for it
     *  @param dryRun whether to write nothing */
    public record Request(
            Optional<Environment> from,
            Optional<Integer> version,
            Environment to,
            Optional<String> app,
            Optional<String> why,
            Confirmation confirmation,
            boolean dryRun) {}

    /** What a promotion would change.
     *
     *  @param source the release whose build it takes
     *  @param target the release that the environment has now; empty: none
     *  @param config what its config would change; everything where there is no release yet */
    public record Preview(Release source, Optional<Release> target, List<ConfigChange> config) {}

    /** {@return the new release, or the one that has this content already}
     *
     *  @param request what is asked for
     *  @param preview is told what will change, before anything is
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Request request, Consumer<Preview> preview) {
        Environment from = request.from().orElseGet(() -> source(request.to()));
        if (from.equals(request.to())) {
            throw new ReleaseException.Usage("release promote: expected two environments, got " + from + " twice");
        }
        Snapshot history = workspace.ledger().read();
        Release source = request.version()
                .map(version -> history.get(new ReleaseId(from, version)))
                .or(() -> history.last(from))
                .orElseThrow(() -> new ReleaseException.NotFound(
                        from + ": no release yet that could be promoted; make one with release create " + from));
        Release.ImageName recorded = source.content().appImage();
        request.app().ifPresent(app -> refuseOtherBuild(app, source));
        Contract contract = AppContract.of(
                source.id().label(),
                Recorded.app(history, source),
                source.content().contract().isEmpty());
        Rendering.Rendered rendered = Render.render(workspace, request.to(), contract);
        refuseOtherSource(from, request.to(), rendered);
        Optional<Release> target = history.last(request.to());
        Optional<Bundle> before = target.map(release -> Recorded.bundle(history, release));
        preview.accept(new Preview(
                source,
                target,
                before.map(bundle -> ConfigChange.between(bundle, rendered.bundle()))
                        .orElse(List.of())));
        // As recorded: a registry that has deleted its manifest gets it back, if it still has the layers.
        ImageStore.Stored app = Recorded.storedApp(history, source);
        return new Create(workspace)
                .release(
                        new Create.Plan(app, contract, rendered, Release.Origin.PROMOTED, Optional.of(source.id())),
                        new Create.Request(
                                request.to(),
                                recorded.name(),
                                contract.isNone(),
                                request.why(),
                                request.confirmation(),
                                source.content().sbom(),
                                false,
                                request.dryRun()),
                        Optional.of(history));
    }

    private void refuseOtherBuild(String app, Release source) {
        Digest meant = workspace.images().look(app).digest();
        Digest recorded = source.content().appImage().digest();
        if (!recorded.equals(meant)) {
            throw new ReleaseException.Refused(source.id().label() + ": expected the build " + meant + ", got "
                    + recorded + "; name the release that has it, as "
                    + source.id().environment() + "@vN");
        }
    }

    /** Where the builds of an environment come from, as its file says. */
    private Environment source(Environment to) {
        if (!Render.environments(workspace).contains(to)) {
            throw new ReleaseException.NotFound(to + ": no such environment");
        }
        return new EnvironmentFiles(workspace.environments())
                .policy(to)
                .policy()
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
