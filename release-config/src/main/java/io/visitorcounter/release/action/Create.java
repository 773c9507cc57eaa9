package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.config.Rendering;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a release from a build and an environment's current config. */
public record Create(Workspace workspace) {

    /** What is asked for.
     *
     *  @param environment where to
     *  @param app the build's image
     *  @param noContract whether an image without a contract is fine
     *  @param sbom the build's bill of materials
     *  @param labels that replace the build's, by name
     *  @param options how */
    public record Request(
            Environment environment,
            String app,
            boolean noContract,
            Optional<BillOfMaterials> sbom,
            SortedMap<String, String> labels,
            ReleaseOptions options) {}

    /** {@return the new release, or the one that already has this content}
     *
     *  @throws ReleaseException if it can't be made; then nothing was released */
    public ActionResult run(Request request) {
        workspace.signing().begin();
        Environment environment = request.environment();
        Background<Snapshot> history =
                Background.start("ledger", () -> workspace.ledger().readOrEmpty());
        Background<EnvironmentConfig> files = Background.start("config", () -> Render.read(workspace, environment));
        ImageStore.PendingImage app = workspace.images().find(request.app());
        Contract contract = AppContract.of(request.app(), app.image(), request.noContract());
        Rendering.Rendered rendered = Render.rendered(files.get(), contract);
        return new ReleaseMaker(
                        workspace,
                        new ReleaseMaker.Plan(
                                environment,
                                app,
                                contract,
                                files.get(),
                                rendered,
                                Release.Origin.CREATED,
                                Optional.empty(),
                                request.sbom(),
                                declared(app.image(), request.labels()),
                                Optional.empty(),
                                new TreeMap<>()),
                        request.options())
                .release(history.get());
    }

    // A label that the image already has is dropped: it would make another release of the same content.
    private static SortedMap<String, String> declared(Image app, SortedMap<String, String> labels) {
        SortedMap<String, String> others = new TreeMap<>(labels);
        others.entrySet().removeIf(label -> label.getValue().equals(app.labels().getOrDefault(label.getKey(), "")));
        return others;
    }
}
