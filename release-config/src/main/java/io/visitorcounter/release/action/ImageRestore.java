package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Puts back what the ledger proves of a release: its image, the tag that leads to it, and the tag that keeps its app image.
 *  The ledger holds manifests, configs and the bundle, so only the app image's own layers must still be there. */
final class ImageRestore {

    private final ImageStore images;
    private final Snapshot history;

    ImageRestore(ImageStore images, Snapshot history) {
        this.images = images;
        this.history = history;
    }

    /** {@return whether the release's image is there, whole and by its tag}
     *
     *  @param release which one */
    boolean isThere(Release release) {
        return missing(release, false).isEmpty();
    }

    /** {@return what is missing of a release, a line each}
     *
     *  @param release which one
     *  @param withApp whether what keeps the app image counts, too */
    List<String> missing(Release release, boolean withApp) {
        Release.ImageName image = release.content().releaseImage();
        Release.ImageName app = release.content().appImage();
        List<String> missing = new ArrayList<>();
        if (!images.isKept(image.name(), tag(release), image.digest())) {
            missing.add("image " + image.name() + ", tag " + tag(release));
        }
        if (withApp && !images.isKept(app.name(), ReleaseLayer.appTag(app.digest()), app.digest())) {
            missing.add("app image " + app.name() + ", tag " + ReleaseLayer.appTag(app.digest()));
        }
        return missing;
    }

    /** Puts it back.
     *
     *  @param release which one
     *  @throws ReleaseException.NotFound if the app image's layers are gone, or the release's can't be made again */
    void restore(Release release) {
        RecordedRelease recorded = new RecordedRelease(history, release);
        Image image = recorded.image();
        images.keep(
                recorded.storedApp(),
                new ImageStore.Stored(release.content().releaseImage().name(), image),
                layer(release).stored(image),
                tag(release));
    }

    private String tag(Release release) {
        return layer(release).tagOf(new RecordedRelease(history, release).image());
    }

    private ReleaseLayer layer(Release release) {
        RecordedRelease recorded = new RecordedRelease(history, release);
        Bundle bundle = recorded.bundle();
        return ReleaseLayer.of(
                release.id().environment(),
                recorded.app(),
                release.content().contract(),
                bundle.digest(),
                bundle.files());
    }
}
