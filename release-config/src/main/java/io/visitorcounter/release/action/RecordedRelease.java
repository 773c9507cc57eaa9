package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.DeclaredLabels;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.LedgerProof;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A release with what the ledger keeps next to its entry: the bundle, and manifest and config of both images. Each is
 *  read on first use, checked against the digest in the entry, and cached. Thread-safe. */
final class RecordedRelease {

    private static final String REVISION = "org.opencontainers.image.revision";

    private final Snapshot history;
    private final Release release;

    private @Nullable SortedMap<String, byte[]> images;
    private @Nullable Image app;
    private @Nullable Image image;
    private @Nullable Bundle bundle;

    RecordedRelease(Snapshot history, Release release) {
        this.history = history;
        this.release = release;
    }

    Snapshot history() {
        return history;
    }

    Release release() {
        return release;
    }

    /** {@return what a release image of this entry adds to its app image} */
    static ReleaseLayer layer(Release release, Image image, Image app, Bundle bundle) {
        return ReleaseLayer.of(
                release.id().environment(),
                app,
                release.content().contract(),
                bundle.digest(),
                bundle.files(),
                DeclaredLabels.of(image, app));
    }

    /** {@return what its release image adds to its app image} */
    ReleaseLayer layer() {
        return layer(release, image(), app(), bundle());
    }

    /** {@return the release that a user means}
     *
     *  @throws ReleaseException.NotFound if there is none */
    static RecordedRelease resolve(Snapshot history, Environment environment, Optional<Integer> version) {
        return new RecordedRelease(history, history.resolve(environment, version));
    }

    /** {@return the release that this one's content comes from: itself, unless it is a rollback}
     *
     *  @throws ReleaseException.VerificationFailed if it claims to be a rollback, but its content differs from the
     *      release that it names */
    static Release origin(Snapshot history, Release release) {
        Release origin = release;
        while (origin.origin() == Release.Origin.ROLLED_BACK) {
            Release later = origin;
            ReleaseId id = later.from()
                    .filter(from -> from.environment().equals(later.environment())
                            && from.version() < later.id().version())
                    .orElseThrow(() -> notThat(later, "an earlier release of " + later.environment()));
            origin = history.get(id);
            if (!later.content().equals(origin.content())) {
                throw notThat(later, "the content of " + id.label());
            }
        }
        return origin;
    }

    private static ReleaseException notThat(Release rollback, String what) {
        return new ReleaseException.VerificationFailed(
                rollback.id().label() + ": says that it is a rollback, and has not " + what);
    }

    /** {@return what goes next to a release's entry, bytes by path below its folder} */
    static SortedMap<String, byte[]> files(SortedMap<String, byte[]> bundle, Image app, Image release) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        bundle.forEach((name, bytes) -> files.put(LedgerLayout.BUNDLE + "/" + name, bytes));
        String images = LedgerLayout.IMAGES + "/";
        files.put(images + LedgerLayout.APP_MANIFEST, app.manifest());
        files.put(images + LedgerLayout.APP_CONFIG, app.config());
        files.put(images + LedgerLayout.RELEASE_MANIFEST, release.manifest());
        files.put(images + LedgerLayout.RELEASE_CONFIG, release.config());
        return files;
    }

    /** {@return the files next to the entry, for another release with the same content} */
    SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = files(bundle().files(), app(), image());
        statements().forEach((name, bytes) -> files.put(LedgerLayout.IMAGES + "/" + name, bytes));
        return files;
    }

    /** {@return the signed statements about its image, and the bill of materials, bytes by name; none of it is
     *  verified} */
    SortedMap<String, byte[]> statements() {
        SortedMap<String, byte[]> files = new TreeMap<>(images());
        files.keySet().removeIf(name -> !LedgerLayout.isImageStatement(name));
        return files;
    }

    /** {@return the referrers that its image should have: those signed with the entry, and those of endorsements} */
    List<Referrer> referrers() {
        List<Referrer> referrers = new ArrayList<>(ImageStatements.referrers(
                statements(), outsideLedger().map(LedgerProof::endorsements).orElse(List.of())));
        referrers.addAll(new Endorsements(history, release).referrers());
        return referrers;
    }

    /** {@return the other signed statements about its app image, bytes by name} */
    SortedMap<String, byte[]> ofApp() {
        SortedMap<String, byte[]> files = statements();
        files.keySet().removeIf(name -> !LedgerLayout.isAppStatement(name));
        return files;
    }

    /** {@return how the build was made, as first recorded; empty if unknown} */
    Optional<BuildProof.KnownProvenance> proof() {
        byte[] bytes = statements().get(LedgerLayout.APP_PROVENANCE);
        if (bytes == null) {
            return Optional.empty();
        }
        if (release.outside().isPresent()) {
            Release outside = LedgerProof.read(id().label(), outsideProof()).release();
            return Optional.of(new BuildProof.KnownProvenance(bytes, outside.at()));
        }
        Release first = release;
        while (first.from().isPresent()) {
            Release before = history.get(first.from().get());
            if (before.sequence() >= first.sequence()
                    || !Arrays.equals(
                            bytes,
                            new RecordedRelease(history, before).statements().get(LedgerLayout.APP_PROVENANCE))) {
                break;
            }
            first = before;
        }
        return Optional.of(new BuildProof.KnownProvenance(bytes, first.at()));
    }

    /** {@return the proof that an imported release came with}
     *
     *  @throws ReleaseException.VerificationFailed if it is missing */
    byte[] outsideProof() {
        String name = LedgerLayout.ORIGIN + "/" + LedgerLayout.ORIGIN_PROOF;
        return history.file(LedgerLayout.folder(id()) + "/" + name)
                .orElseThrow(() -> wrong(name + ": the proof of the ledger that it was imported from is gone"));
    }

    private Optional<LedgerProof> outsideLedger() {
        return release.outside().map(outside -> LedgerProof.read(id().label(), outsideProof()));
    }

    /** {@return the signatures of the entry that the statements about its image belong to, bytes by file name: for an
     *  imported release, of the entry in the other ledger, or of an endorsement of it} */
    SortedMap<String, byte[]> signatures() {
        Optional<LedgerProof> outside = outsideLedger();
        if (outside.isEmpty()) {
            return history.signatures(release);
        }
        SortedMap<String, byte[]> signatures = outside.get().files(LedgerLayout.SIGNATURES);
        outside.get().endorsements().forEach(each -> signatures.putAll(each.signatures()));
        return signatures;
    }

    /** {@return the build's bill of materials; empty if none was recorded} */
    Optional<BillOfMaterials> sbom() {
        return release.content()
                .sbom()
                .map(digest -> new BillOfMaterials(
                        digest, Optional.ofNullable(statements().get(LedgerLayout.SBOM))));
    }

    ReleaseId id() {
        return release.id();
    }

    /** {@return the build} */
    synchronized Image app() {
        if (app == null) {
            app = image(
                    LedgerLayout.APP_MANIFEST,
                    LedgerLayout.APP_CONFIG,
                    release.content().appImage());
        }
        return app;
    }

    /** {@return the build, as it is or should be stored} */
    ImageStore.Stored storedApp() {
        return new ImageStore.Stored(release.content().appImage().name(), app());
    }

    /** {@return the release image} */
    synchronized Image image() {
        if (image == null) {
            image = image(
                    LedgerLayout.RELEASE_MANIFEST,
                    LedgerLayout.RELEASE_CONFIG,
                    release.content().releaseImage());
        }
        return image;
    }

    private synchronized SortedMap<String, byte[]> images() {
        if (images == null) {
            images = history.images(id());
        }
        return images;
    }

    /** {@return the labels that replace the build's, by name} */
    SortedMap<String, String> declared() {
        return DeclaredLabels.of(image(), app());
    }

    /** {@return the contract that the build carries}
     *
     *  @throws ReleaseException.ConfigInvalid if it carries none and was not released as a build without one */
    Contract contract() {
        return AppContract.of(id().label(), app(), release.content().contract().isEmpty());
    }

    /** {@return the commit of the app's source, from the build's label; empty if it has none} */
    Optional<String> source() {
        return Optional.ofNullable(app().labels().get(REVISION))
                .filter(text -> !text.isBlank())
                .map(PrintableText::oneLine);
    }

    private Image image(String manifestName, String configName, Release.ImageName expected) {
        SortedMap<String, byte[]> files = images();
        String where = id().label();
        byte[] manifest = files.get(manifestName);
        byte[] config = files.get(configName);
        if (manifest == null || config == null) {
            throw wrong("the ledger: expected image/" + manifestName + " and " + configName + ", got none");
        }
        Image read = Image.of(where, manifest, config);
        if (!read.digest().equals(expected.digest())) {
            throw wrong("image/" + manifestName + ": expected " + expected.digest() + ", got " + read.digest());
        }
        return read;
    }

    /** {@return the config} */
    synchronized Bundle bundle() {
        if (bundle == null) {
            bundle = readBundle();
        }
        return bundle;
    }

    private Bundle readBundle() {
        Map<String, byte[]> files = history.bundle(id());
        Bundle read;
        try {
            read = Bundle.readFrom(files);
        } catch (ReleaseException.VerificationFailed e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        if (!read.digest().equals(release.content().bundle())) {
            throw wrong("bundle: expected " + release.content().bundle() + ", got " + read.digest());
        }
        return read;
    }

    private ReleaseException wrong(String what) {
        return new ReleaseException.VerificationFailed(id().label() + ": " + what);
    }
}
