package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.ConfigFolder;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Makes a release of a build and an environment's config as it is now. Everything is checked before anything is
 *  written, and only the append to the ledger releases: killed before it, there is at most an image that nothing names. */
public final class Create {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Create(Workspace workspace) {
        this.workspace = workspace;
    }

    /** What is asked for.
     *
     *  @param environment where to
     *  @param app the build's image
     *  @param noContract whether an image without a contract is fine
     *  @param why the user's words
     *  @param confirmation who confirms where the environment's file asks for it
     *  @param sbom the digest of the build's bill of materials
     *  @param keepRollback whether a rollback stays the newest release, although the files differ from it
     *  @param dryRun whether to write nothing */
    public record Request(
            Environment environment,
            String app,
            boolean noContract,
            Optional<String> why,
            Confirmation confirmation,
            Optional<Digest> sbom,
            boolean keepRollback,
            boolean dryRun) {}

    /** {@return the new release, or the one that has this content already}
     *
     *  @param request what is asked for
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Request request) {
        Background<Optional<Snapshot>> now =
                Background.start("ledger", () -> workspace.ledger().readIfThere());
        Background<EnvironmentConfig> files =
                Background.start("config", () -> Render.read(workspace, request.environment()));
        // Looked at before it is kept: a config that is refused leaves nothing behind.
        Image looked = workspace.images().look(request.app());
        Contract contract = AppContract.of(request.app(), looked, request.noContract());
        Rendering.Rendered rendered = Render.rendered(files.get(), contract);
        ImageStore.Stored app = workspace.images().app(request.app());
        if (!app.image().digest().equals(looked.digest())) {
            throw new ReleaseException.VerificationFailed(List.of(request.app() + ": expected " + looked.digest()
                    + ", got " + app.image().digest() + "; a build wrote it meanwhile, so create again"));
        }
        return release(new Plan(app, contract, rendered, Release.Origin.CREATED, Optional.empty()), request, now.get());
    }

    /** A build and a config that are about to become a release. */
    record Plan(
            ImageStore.Stored app,
            Contract contract,
            Rendering.Rendered rendered,
            Release.Origin origin,
            Optional<ReleaseId> from) {}

    /** {@return the new release, or the one that has this content already}
     *
     *  @param plan what is to be released
     *  @param request how
     *  @param now the history; empty where there is none yet */
    ActionResult release(Plan plan, Request request, Optional<Snapshot> now) {
        Environment environment = request.environment();
        Gates gates = new Gates(environment, plan.rendered().policy());
        Optional<Release.ConfigCommit> config = ConfigFolder.commit(workspace.environments());
        ReleaseLayer layer = layer(plan, environment);
        Optional<Release> same =
                now.flatMap(history -> history.last(environment)).filter(last -> isSame(last, layer));
        if (same.isPresent()) {
            restoreImage(now.orElseThrow(), same.get(), request);
            return new ActionResult.Unchanged(same.get());
        }
        Optional<Release> rollback = now.flatMap(history -> history.last(environment))
                .filter(last -> request.keepRollback() && last.origin() == Release.Origin.ROLLED_BACK);
        if (rollback.isPresent()) {
            return new ActionResult.Kept(rollback.get());
        }
        gates.clean(config);
        now.ifPresent(history -> Gates.notFrozen(history, environment));
        now.ifPresentOrElse(history -> gates.promoted(history, layer.app()), () -> gates.neverReleased());
        if (!request.dryRun()) {
            gates.confirmed(request.confirmation());
        }
        List<String> warnings = warnings(plan);
        ImageStore.Made made = workspace.images().make(plan.app(), layer);
        Image image = made.image().image();
        Release.Content content = new Release.Content(
                new Release.ImageName(made.image().name(), image.digest()),
                new Release.ImageName(plan.app().name(), layer.app()),
                layer.bundle(),
                layer.contract(),
                config,
                request.sbom());
        if (request.dryRun()) {
            return new ActionResult.Predicted(entry(now, plan, environment, content, request.why()), warnings);
        }
        SortedMap<String, byte[]> files =
                Recorded.files(layer.files(), plan.app().image(), image);
        Optional<Background<SortedMap<String, byte[]>>> kept = now.map(
                there -> Background.start("files", () -> workspace.ledger().keep(files)));
        made.keep();
        kept.ifPresent(Background::get);
        Optional<Release> released = workspace
                .ledger()
                .append(history -> {
                    if (history.last(environment)
                            .filter(last -> isSame(last, layer))
                            .isPresent()) {
                        return Optional.empty();
                    }
                    Gates.notFrozen(history, environment);
                    gates.promoted(history, layer.app());
                    Release entry = entry(Optional.of(history), plan, environment, content, request.why());
                    return Optional.of(new Ledger.Draft(entry, files));
                })
                .map(Release.class::cast);
        return released.<ActionResult>map(release -> new ActionResult.Released(release, warnings))
                .orElseGet(() -> new ActionResult.Unchanged(
                        workspace.ledger().read().last(environment).orElseThrow()));
    }

    private ReleaseLayer layer(Plan plan, Environment environment) {
        Contract contract = plan.contract();
        return ReleaseLayer.of(
                environment,
                plan.app().image(),
                contract.isNone() ? Optional.empty() : Optional.of(contract.digest()),
                plan.rendered().bundle().digest(),
                plan.rendered().bundle().files());
    }

    private static boolean isSame(Release last, ReleaseLayer layer) {
        return last.content().appImage().digest().equals(layer.app())
                && last.content().bundle().equals(layer.bundle())
                && last.content().contract().equals(layer.contract());
    }

    // A folder can be emptied and a registry cleaned up while the ledger stays; the same content makes the same image.
    private void restoreImage(Snapshot history, Release release, Request request) {
        ImageRestore restore = new ImageRestore(workspace.images(), history);
        if (!request.dryRun() && !restore.isThere(release)) {
            restore.restore(release);
        }
    }

    private static List<String> warnings(Plan plan) {
        List<String> warnings = new ArrayList<>();
        plan.rendered().warnings().forEach(warning -> warnings.add(warning.toString()));
        return warnings;
    }

    private Release entry(
            Optional<Snapshot> history,
            Plan plan,
            Environment environment,
            Release.Content content,
            Optional<String> why) {
        return new Release(
                history.map(Ledger::nextSequence).orElse(1L),
                history.flatMap(Snapshot::head),
                history.flatMap(snapshot -> snapshot.last(environment))
                        .map(last -> last.id().next())
                        .orElseGet(() -> new ReleaseId(environment, 1)),
                plan.origin(),
                plan.from(),
                content,
                workspace.audit(why));
    }
}
