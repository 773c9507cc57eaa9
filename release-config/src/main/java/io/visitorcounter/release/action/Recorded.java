package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.config.BundleException;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the ledger keeps beside an entry: the bundle, and manifest and config of both images. */
final class Recorded {

    private static final String BUNDLE = "bundle/";
    private static final String APP = "image/app-";
    private static final String RELEASE = "image/release-";
    private static final String MANIFEST = "manifest.json";
    private static final String CONFIG = "config.json";

    private Recorded() {}

    static SortedMap<String, byte[]> files(SortedMap<String, byte[]> bundle, Image app, Image release) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        bundle.forEach((name, bytes) -> files.put(BUNDLE + name, bytes));
        files.put(APP + MANIFEST, app.manifest());
        files.put(APP + CONFIG, app.config());
        files.put(RELEASE + MANIFEST, release.manifest());
        files.put(RELEASE + CONFIG, release.config());
        return files;
    }

    static Image app(Snapshot history, Release release) {
        return image(history, release, "app-", release.content().appImage());
    }

    static Image release(Snapshot history, Release release) {
        return image(history, release, "release-", release.content().releaseImage());
    }

    static ImageStore.Stored storedApp(Snapshot history, Release release) {
        return new ImageStore.Stored(release.content().appImage().name(), app(history, release));
    }

    private static Image image(Snapshot history, Release release, String prefix, Release.ImageName expected) {
        SortedMap<String, byte[]> files = history.images(release.id());
        String where = release.id().label();
        byte[] manifest = files.get(prefix + MANIFEST);
        byte[] config = files.get(prefix + CONFIG);
        if (manifest == null || config == null) {
            throw wrong(where, "the ledger: expected image/" + prefix + MANIFEST + " and " + CONFIG + ", got none");
        }
        Image image = Image.of(where, manifest, config);
        if (!image.digest().equals(expected.digest())) {
            throw wrong(
                    where,
                    "image/" + prefix + MANIFEST + ": expected " + expected.digest() + ", got " + image.digest());
        }
        return image;
    }

    static Bundle bundle(Snapshot history, Release release) {
        String where = release.id().label();
        try {
            Bundle bundle = Bundle.readFrom(history.bundle(release.id()));
            if (!bundle.digest().equals(release.content().bundle())) {
                throw wrong(where, "bundle: expected " + release.content().bundle() + ", got " + bundle.digest());
            }
            return bundle;
        } catch (BundleException e) {
            throw wrong(where, String.valueOf(e.getMessage()));
        }
    }

    private static ReleaseException wrong(String where, String what) {
        return new ReleaseException.VerificationFailed(List.of(where + ": " + what));
    }
}
