package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.ConfigFolder;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a release of a build and a config, in three steps: check, which writes nothing; make the image; append the
 *  entry, and only that makes the release. If it is killed before the append, at most an unreferenced image is left. */
final class ReleaseMaker {

    /** A build and a config that are about to become a release.
     *
     *  @param environment where to
     *  @param app the build, which need not be stored yet
     *  @param contract of the build
     *  @param files the environment's files as they were read
     *  @param rendered the config
     *  @param origin how the release comes to be
     *  @param from the release whose build it is; empty for a created one
     *  @param sbom the build's bill of materials
     *  @param declared labels of the release image that replace the build's, by name
     *  @param proof how the build was made, from the promoted release; empty for a created one
     *  @param said the other signed statements about the build, from that release, bytes by file name */
    record Plan(
            Environment environment,
            ImageStore.PendingImage app,
            Contract contract,
            EnvironmentConfig files,
            Rendering.Rendered rendered,
            Release.Origin origin,
            Optional<ReleaseId> from,
            Optional<BillOfMaterials> sbom,
            SortedMap<String, String> declared,
            Optional<BuildProof.KnownProvenance> proof,
            SortedMap<String, byte[]> said) {

        ReleaseLayer layer() {
            return ReleaseLayer.of(
                    environment,
                    app.image(),
                    contract.isNone() ? Optional.empty() : Optional.of(contract.digest()),
                    rendered.bundle().digest(),
                    rendered.bundle().files(),
                    declared);
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

    /** {@return the new release, or the one that already has this content}
     *
     *  @param now the history */
    ActionResult release(Snapshot now) {
        Optional<Release> same = same(now);
        if (same.isPresent()) {
            restoreImage(now, same.get());
            return new ActionResult.Unchanged(same.get());
        }
        Optional<Release> rollback = now.last(plan.environment())
                .filter(last -> options.keepRollback() && last.origin() == Release.Origin.ROLLED_BACK);
        if (rollback.isPresent()) {
            return new ActionResult.Kept(rollback.get());
        }
        AppStatements attached = new AppStatements(workspace, plan.app().stored(), plan.said());
        boolean isKeeping = !options.dryRun() && workspace.signing().isOn();
        if (isKeeping) {
            attached.begin();
        }
        ConfigFolder.ConfigState config =
                ConfigFolder.state(workspace.environments(), plan.files().paths());
        gates.before(now, config, layer.app());
        Instant at = workspace.now(now);
        Optional<byte[]> proof = gates.proof(plan.proof(), attached, at);
        ImageStore.PendingImage made = workspace.images().make(plan.app().stored(), layer);
        Release.Content content = content(made, config);
        if (options.dryRun()) {
            return new ActionResult.Predicted(
                    entry(now, content), warnings(now), gates.wouldSign(at), gates.approvals(now, content, at));
        }
        Optional<Signing.Own> own = gates.signer(at);
        gates.approved(now, content, at, own);
        gates.confirmed(options.confirmation());
        SortedMap<String, byte[]> said = isKeeping ? attached.kept(at) : new TreeMap<>();
        proof.ifPresent(bytes -> said.put(LedgerLayout.APP_PROVENANCE, bytes));
        return append(content, keep(now, made, content, own, said), own.map(Signing.Own::label), warnings(now));
    }

    private Optional<Release> same(Snapshot history) {
        return history.last(plan.environment())
                .filter(last -> last.app().equals(layer.app())
                        && last.content().bundle().equals(layer.bundle())
                        && last.content().contract().equals(layer.contract())
                        && new RecordedRelease(history, last).declared().equals(layer.declared()));
    }

    private Release.Content content(ImageStore.PendingImage made, ConfigFolder.ConfigState config) {
        return new Release.Content(
                new Release.ImageName(made.stored().name(), made.image().digest()),
                new Release.ImageName(plan.app().stored().name(), layer.app()),
                layer.bundle(),
                layer.contract(),
                config.recorded(),
                plan.sbom().map(BillOfMaterials::digest));
    }

    /** Stores both images and makes the files that go next to the entry: in parallel, if the ledger already exists. */
    private SortedMap<String, byte[]> keep(
            Snapshot now,
            ImageStore.PendingImage made,
            Release.Content content,
            Optional<Signing.Own> own,
            SortedMap<String, byte[]> said) {
        // Signing takes about as long as a request, so the images are uploaded in parallel.
        Background<Boolean> images = Background.start("images", () -> {
            plan.app().keep();
            made.keep();
            return true;
        });
        SortedMap<String, byte[]> files =
                RecordedRelease.files(layer.files(), plan.app().image(), made.image());
        SortedMap<String, byte[]> statements = own.map(signer -> ImageStatements.sign(
                        plan.environment(),
                        content,
                        plan.sbom(),
                        signer.key(),
                        workspace.signing().job()))
                .orElseGet(TreeMap::new);
        said.forEach((name, bytes) -> files.put(LedgerLayout.IMAGES + "/" + name, bytes));
        statements.forEach((name, bytes) -> files.put(LedgerLayout.IMAGES + "/" + name, bytes));
        Background<Boolean> kept = Background.start("files", () -> {
            if (now.head().isPresent()) {
                workspace.ledger().keep(files);
            }
            return true;
        });
        workspace
                .images()
                .attach(
                        made.stored().name(),
                        made.image(),
                        workspace.signing().attaches() ? ImageStatements.referrers(statements) : List.of(),
                        images::get);
        kept.get();
        return files;
    }

    private ActionResult append(
            Release.Content content, SortedMap<String, byte[]> files, Optional<String> signer, List<String> warnings) {
        return workspace
                .ledger()
                .append(history -> {
                    if (same(history).isPresent()) {
                        return Optional.empty();
                    }
                    gates.atAppend(history, layer.app());
                    Release entry = entry(history, content);
                    Optional<Signing.Own> own = gates.signer(entry.at());
                    gates.approved(history, content, entry.at(), own);
                    return Optional.of(new Ledger.Draft(entry, files).signedBy(own));
                })
                .<ActionResult>map(entry -> new ActionResult.Released((Release) entry, warnings, signer))
                .orElseGet(() -> new ActionResult.Unchanged(
                        workspace.ledger().read().last(plan.environment()).orElseThrow()));
    }

    // The ledger may outlive a folder that was emptied or a registry that was cleaned up; the same content makes the
    // same image.
    private void restoreImage(Snapshot history, Release release) {
        ImageRestore restore = new ImageRestore(workspace, new RecordedRelease(history, release));
        if (!options.dryRun() && !restore.isThere()) {
            plan.app().keep();
            restore.restore();
        }
    }

    private List<String> warnings(Snapshot now) {
        List<String> warnings = new ArrayList<>();
        plan.rendered().warnings().forEach(warning -> warnings.add(warning.toString()));
        workspace.clockWarning(now).ifPresent(warnings::add);
        return warnings;
    }

    private Release entry(Snapshot history, Release.Content content) {
        int last = history.last(plan.environment()).map(Release::number).orElse(0);
        return new Release(
                workspace.next(history, plan.environment(), last + 1, options.why()),
                plan.origin(),
                plan.from(),
                content);
    }
}
