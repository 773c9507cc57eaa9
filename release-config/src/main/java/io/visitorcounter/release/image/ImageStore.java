package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where images are stored: a folder of tars, or a repository of a registry. Nothing that was stored is ever
 *  rewritten. */
public interface ImageStore {

    /** An image and its name in its store.
     *
     *  @param name a file name, or a reference like {@code host/name@sha256:…}
     *  @param image manifest and config */
    record Stored(String name, Image image) {}

    /** An image that was found or made, and of which nothing is kept yet.
     *
     *  @param stored what it is, and what it will be called
     *  @param keeper keeps it, unless it is here already */
    record PendingImage(Stored stored, Runnable keeper) {

        /** {@return manifest and config} */
        public Image image() {
            return stored.image();
        }

        /** Keeps it, as it was found or made.
         *
         *  @throws io.visitorcounter.release.ReleaseException.VerificationFailed if it has changed since */
        public void keep() {
            keeper.run();
        }
    }

    /** {@return an app image; nothing is written}
     *
     *  @param reference what the user calls it: a file, or a reference */
    PendingImage find(String reference);

    /** {@return whether the image is here under its tag, as recorded}
     *
     *  @param tag the one that keeps it in a registry */
    boolean isKept(String name, String tag, Digest digest);

    /** Makes the release image.
     *
     *  @param app an image that is stored here
     *  @return the release image, checked: the app image's layers, one more, and nothing else changed */
    PendingImage make(Stored app, ReleaseLayer layer);

    /** Keeps a release image, and the app image that a later release may need, each with its own tag; restores missing
     *  parts of both.
     *
     *  @param layer its last layer as stored; empty if it can't be made again */
    void keep(Stored app, Stored release, Optional<byte[]> layer, String tag);

    /** Attaches those referrers of an image that are not attached yet. Does nothing if images are files: then only the
     *  ledger has them.
     *
     *  @param subject the image, which is stored here */
    default void attach(String name, Image subject, List<Referrer> referrers) {
        attach(name, subject, referrers, () -> {});
    }

    /** Stores an image and attaches its referrers.
     *
     *  @param keeper stores the image; its referrers may be uploaded in parallel */
    void attach(String name, Image subject, List<Referrer> referrers, Runnable keeper);

    /** {@return those of these referrers that are not attached to the image; none if images are files} */
    List<Referrer> unattached(String name, Image subject, List<Referrer> referrers);

    /** {@return the payloads of one type that anyone has attached to an image; none if images are files}
     *
     *  @param known those that are already known, and need not be read
     *  @throws io.visitorcounter.release.ReleaseException.VerificationFailed if something does not match its digest */
    List<byte[]> attached(String name, Image subject, String type, List<Referrer> known);

    /** What the images of an archive are called where they go. */
    record Taken(String release, String app) {}

    /** {@return the names that an archive's images would get here}
     *
     *  @param place a folder, or a registry's host and name; empty: this store's own */
    Taken names(Optional<String> place, Image release, Image app, String tag);

    /** Imports the images of an archive, with unchanged digests.
     *
     *  @param place a folder, or a registry's host and name; empty: this store's own
     *  @throws io.visitorcounter.release.ReleaseException.NotFound if a layer is neither in the archive nor here */
    void take(Optional<String> place, ReleaseArchive archive, Image app, String tag);

    /** {@return the image of this name, checked against its digest} */
    Image read(String name, Digest digest);

    /** Opens one layer's bytes as stored. The reader checks their digest.
     *
     *  @param index which layer; 0 is the lowest
     *  @return the bytes, to be closed
     *  @throws IOException if they can't be read */
    InputStream layer(String name, Image image, int index) throws IOException;

    /** {@return what is wrong with a tag that should point to an image; empty if it does, or if there are no tags
     *  here} */
    Optional<String> tagFault(String name, String tag, Digest digest);

    /** {@return the file that is the image; empty if it is in a registry} */
    Optional<Path> file(String name);

    /** {@return the state of the place for release images, in a few words; nothing is written}
     *
     *  @param place a folder, or a registry's host and name; empty: this store's own
     *  @throws io.visitorcounter.release.ReleaseException if none can be stored there, with the next step */
    String state(Optional<String> place);
}
