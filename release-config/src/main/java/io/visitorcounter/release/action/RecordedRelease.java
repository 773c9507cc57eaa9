package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.BundleException;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A release with what the ledger keeps beside its entry: the bundle, and manifest and config of both images. Each is
 *  read when it is asked for, and held to the digest in the entry.
 *
 *  @param history where it is recorded
 *  @param release the entry */
record RecordedRelease(Snapshot history, Release release) {

    private static final String REVISION = "org.opencontainers.image.revision";

    /** {@return the release that a user means}
     *
     *  @throws ReleaseException.NotFound if there is none */
    static RecordedRelease resolve(Snapshot history, Environment environment, Optional<Integer> version) {
        return new RecordedRelease(history, history.resolve(environment, version));
    }

    /** {@return what goes beside a release's entry, bytes by path below its folder} */
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

    /** {@return the files beside the entry, as another release with the same content has them} */
    SortedMap<String, byte[]> files() {
        return files(history.bundle(id()), app(), image());
    }

    ReleaseId id() {
        return release.id();
    }

    /** {@return the build} */
    Image app() {
        return image(
                LedgerLayout.APP_MANIFEST,
                LedgerLayout.APP_CONFIG,
                release.content().appImage());
    }

    /** {@return the build as its store has it, or should} */
    ImageStore.Stored storedApp() {
        return new ImageStore.Stored(release.content().appImage().name(), app());
    }

    /** {@return what runs} */
    Image image() {
        return image(
                LedgerLayout.RELEASE_MANIFEST,
                LedgerLayout.RELEASE_CONFIG,
                release.content().releaseImage());
    }

    /** {@return the contract that the build carries}
     *
     *  @throws ReleaseException.ConfigInvalid if it carries none and was not released as one without */
    Contract contract() {
        return AppContract.of(id().label(), app(), release.content().contract().isEmpty());
    }

    /** {@return the commit of the app's source, as the build's label says; empty if it says none} */
    Optional<String> source() {
        return Optional.ofNullable(app().labels().get(REVISION))
                .filter(text -> !text.isBlank())
                .map(PrintableText::oneLine);
    }

    private Image image(String manifestName, String configName, Release.ImageName expected) {
        SortedMap<String, byte[]> files = history.images(id());
        String where = id().label();
        byte[] manifest = files.get(manifestName);
        byte[] config = files.get(configName);
        if (manifest == null || config == null) {
            throw wrong("the ledger: expected image/" + manifestName + " and " + configName + ", got none");
        }
        Image image = Image.of(where, manifest, config);
        if (!image.digest().equals(expected.digest())) {
            throw wrong("image/" + manifestName + ": expected " + expected.digest() + ", got " + image.digest());
        }
        return image;
    }

    /** {@return the config} */
    Bundle bundle() {
        try {
            Bundle bundle = Bundle.readFrom(history.bundle(id()));
            if (!bundle.digest().equals(release.content().bundle())) {
                throw wrong("bundle: expected " + release.content().bundle() + ", got " + bundle.digest());
            }
            return bundle;
        } catch (BundleException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ReleaseException wrong(String what) {
        return new ReleaseException.VerificationFailed(List.of(id().label() + ": " + what));
    }
}
