package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Rendering;
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

/** Makes a release of a build and a config, in three steps: check, of which nothing is written; make the image; append
 *  the entry, which alone releases. Killed before the append, it leaves at most an image that nothing names. */
final class ReleaseMaker {

    /** A build and a config that are about to become a release.
     *
     *  @param environment where to
     *  @param app the build, of which nothing need be kept yet
     *  @param contract of the build
     *  @param files the environment's files as they were read
     *  @param rendered the config
     *  @param origin how the release comes to be
     *  @param from the release whose build it is; empty for a created one
     *  @param sbom the digest of the build's bill of materials */
    record Plan(
            Environment environment,
            ImageStore.FoundApp app,
            Contract contract,
            EnvironmentConfig files,
            Rendering.Rendered rendered,
            Release.Origin origin,
            Optional<ReleaseId> from,
            Optional<Digest> sbom) {

        ReleaseLayer layer() {
            return ReleaseLayer.of(
                    environment,
                    app.image(),
                    contract.isNone() ? Optional.empty() : Optional.of(contract.digest()),
                    rendered.bundle().digest(),
                    rendered.bundle().files());
        }
    }

    private final Workspace workspace;
    private final Plan plan;
    private final ReleaseOptions options;
    private final ReleaseLayer layer;
    private final Gates gates;

    ReleaseMaker(Workspace workspace, Plan plan, ReleaseOptions options) {
        this.workspace = workspace;
        this.plan = plan;
        this.options = options;
        this.layer = plan.layer();
        this.gates = new Gates(workspace, plan.environment(), plan.rendered().policy());
    }

    /** {@return the new release, or the one that has this content already}
     *
     *  @param now the history; empty where there is none yet */
    ActionResult release(Optional<Snapshot> now) {
        Optional<Release> same = now.flatMap(this::same);
        if (same.isPresent()) {
            restoreImage(now.orElseThrow(), same.get());
            return new ActionResult.Unchanged(same.get());
        }
        Optional<Release> rollback = now.flatMap(history -> history.last(plan.environment()))
                .filter(last -> options.keepRollback() && last.origin() == Release.Origin.ROLLED_BACK);
        if (rollback.isPresent()) {
            return new ActionResult.Kept(rollback.get());
        }
        ConfigFolder.ConfigState config =
                ConfigFolder.state(workspace.environments(), plan.files().paths());
        gates.before(now, config, layer.app());
        Optional<String> signer =
                gates.signer(workspace.signing(), workspace.now(now)).map(Signing.Own::label);
        if (!options.dryRun()) {
            gates.confirmed(options.confirmation());
        }
        ImageStore.Made made = workspace.images().make(plan.app().stored(), layer);
        Release.Content content = content(made, config);
        if (options.dryRun()) {
            return new ActionResult.Predicted(entry(now, content), warnings(), signer);
        }
        return append(content, keep(now, made), signer);
    }

    private Optional<Release> same(Snapshot history) {
        return history.last(plan.environment())
                .filter(last -> last.content().appImage().digest().equals(layer.app())
                        && last.content().bundle().equals(layer.bundle())
                        && last.content().contract().equals(layer.contract()));
    }

    private Release.Content content(ImageStore.Made made, ConfigFolder.ConfigState config) {
        return new Release.Content(
                new Release.ImageName(made.image().name(), made.image().image().digest()),
                new Release.ImageName(plan.app().stored().name(), layer.app()),
                layer.bundle(),
                layer.contract(),
                config.recorded(),
                plan.sbom());
    }

    /** Keeps both images, and what the entry will have beside it: side by side, where the ledger is there already. */
    private SortedMap<String, byte[]> keep(Optional<Snapshot> now, ImageStore.Made made) {
        SortedMap<String, byte[]> files = RecordedRelease.files(
                layer.files(), plan.app().image(), made.image().image());
        Background<Boolean> kept = Background.start("files", () -> {
            now.ifPresent(there -> workspace.ledger().keep(files));
            return now.isPresent();
        });
        plan.app().keep();
        made.keep();
        kept.get();
        return files;
    }

    private ActionResult append(Release.Content content, SortedMap<String, byte[]> files, Optional<String> signer) {
        return workspace
                .ledger()
                .append(history -> {
                    if (same(history).isPresent()) {
                        return Optional.empty();
                    }
                    gates.atAppend(history, layer.app());
                    Release entry = entry(Optional.of(history), content);
                    return Optional.of(new Ledger.Draft(entry, files)
                            .signedBy(gates.signer(
                                    workspace.signing(), entry.audit().at())));
                })
                .<ActionResult>map(entry -> new ActionResult.Released((Release) entry, warnings(), signer))
                .orElseGet(() -> new ActionResult.Unchanged(
                        workspace.ledger().read().last(plan.environment()).orElseThrow()));
    }

    // A folder can be emptied and a registry cleaned up while the ledger stays; the same content makes the same image.
    private void restoreImage(Snapshot history, Release release) {
        ImageRestore restore = new ImageRestore(workspace.images(), history);
        if (!options.dryRun() && !restore.isThere(release)) {
            plan.app().keep();
            restore.restore(release);
        }
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        plan.rendered().warnings().forEach(warning -> warnings.add(warning.toString()));
        return warnings;
    }

    private Release entry(Optional<Snapshot> history, Release.Content content) {
        return new Release(
                history.map(Ledger::nextSequence).orElse(1L),
                history.flatMap(Snapshot::head),
                history.flatMap(snapshot -> snapshot.last(plan.environment()))
                        .map(last -> last.id().next())
                        .orElseGet(() -> new ReleaseId(plan.environment(), 1)),
                plan.origin(),
                plan.from(),
                content,
                workspace.audit(history, options.why()));
    }
}
