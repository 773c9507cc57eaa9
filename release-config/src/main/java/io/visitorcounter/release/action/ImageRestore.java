package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.image.ReleaseLayer;
import io.visitorcounter.release.ledger.Release;
import java.util.ArrayList;
import java.util.List;

/** Restores what the ledger proves of a release: its image, the tag of that image, its referrers, and the tag that
 *  keeps its app image. The ledger holds manifests, configs and the bundle, so only the app image's own layers must
 *  still exist. */
record ImageRestore(Workspace workspace, RecordedRelease recorded) {

    /** {@return whether the release's image exists, complete and tagged} */
    boolean isThere() {
        return missing(false).isEmpty();
    }

    /** Throws unless the release's image exists. */
    void requireThere() {
        if (!isThere()) {
            throw new ReleaseException.NotFound(recorded.id().label() + ": its image "
                    + content().releaseImage().name() + " is gone; release repair " + recorded.id() + " puts it back");
        }
    }

    /** {@return what is missing of a release, one line each}
     *
     *  @param whole whether the tag of the app image and the referrers of the release image count too */
    List<String> missing(boolean whole) {
        Release.ImageName image = content().releaseImage();
        Release.ImageName app = content().appImage();
        List<String> missing = new ArrayList<>();
        if (!images().isKept(image.name(), tag(), image.digest())) {
            missing.add("image " + image.name() + ", tag " + tag());
        }
        if (whole && !images().isKept(app.name(), ReleaseLayer.appTag(app.digest()), app.digest())) {
            missing.add("app image " + app.name() + ", tag " + ReleaseLayer.appTag(app.digest()));
        }
        if (whole) {
            unattached().forEach(each -> missing.add(each.label() + " of " + image.name()));
            unattachedToApp().forEach(each -> missing.add(each.label() + " of " + app.name()));
        }
        return missing;
    }

    /** {@return the missing referrers of the release's image} */
    List<Referrer> unattached() {
        return workspace.signing().attaches()
                ? images().unattached(content().releaseImage().name(), recorded.image(), recorded.referrers())
                : List.of();
    }

    private List<Referrer> unattachedToApp() {
        return workspace.signing().attaches()
                ? images().unattached(
                                content().appImage().name(),
                                recorded.app(),
                                ImageStatements.ofApp(recorded.statements()))
                : List.of();
    }

    /** Restores it.
     *
     *  @throws ReleaseException.NotFound if the app image's layers are gone, or the release's can't be made again */
    void restore() {
        ImageStore.Stored app = recorded.storedApp();
        ImageStore.Stored made = new ImageStore.Stored(content().releaseImage().name(), recorded.image());
        images().keep(app, made, recorded.layer().stored(made.image()), tag());
        images().attach(made.name(), made.image(), unattached());
        images().attach(app.name(), app.image(), unattachedToApp());
    }

    private String tag() {
        return recorded.layer().tagOf(recorded.image());
    }

    private Release.Content content() {
        return recorded.release().content();
    }

    private ImageStore images() {
        return workspace.images();
    }
}
