package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where images lie: a folder of tars, or a repository of a registry. Nothing that was stored is ever rewritten. */
public interface ImageStore {

    /** An image and what it is called in its store.
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
         *  @throws io.visitorcounter.release.ReleaseException.VerificationFailed if it is another by now */
        public void keep() {
            keeper.run();
        }
    }

    /** {@return an app image; nothing is written}
     *
     *  @param reference what the user calls it: a file, or a reference */
    PendingImage find(String reference);

    /** {@return whether the image is here under its tag, as it was recorded}
     *
     *  @param tag what keeps it in a registry */
    boolean isKept(String name, String tag, Digest digest);

    /** Makes the release image.
     *
     *  @param app an image that is kept here
     *  @return the release image, checked: the app image's layers, one more, and nothing else changed */
    PendingImage make(Stored app, ReleaseLayer layer);

    /** Keeps a release image, and the app image that a later release may need, each by a tag of its own; puts back whatever
     *  of both is missing.
     *
     *  @param layer its last layer as stored; empty if that can't be made again */
    void keep(Stored app, Stored release, Optional<byte[]> layer, String tag);

    /** Attaches what refers to an image, as far as it is not attached yet. Where images are files, nothing is: there the
     *  ledger has it, and nobody else.
     *
     *  @param subject the image, which is kept here */
    default void attach(String name, Image subject, List<Referrer> referrers) {
        attach(name, subject, referrers, () -> {});
    }

    /** Keeps an image and attaches what refers to it.
     *
     *  @param keeper keeps the image; what refers to it may be uploaded meanwhile */
    void attach(String name, Image subject, List<Referrer> referrers, Runnable keeper);

    /** {@return which of these should be attached to an image and are not; none where images are files} */
    List<Referrer> unattached(String name, Image subject, List<Referrer> referrers);

    /** {@return the payloads of what anybody attached to an image, of one type; none where images are files}
     *
     *  @param known what need not be read, as it is known already
     *  @throws io.visitorcounter.release.ReleaseException.VerificationFailed if something is not what it should be */
    List<byte[]> attached(String name, Image subject, String type, List<Referrer> known);

    /** What the images of an archive are called where they go. */
    record Taken(String release, String app) {}

    /** {@return what the images of an archive would be called here}
     *
     *  @param place a folder, or a registry's host and name; empty: this store's own */
    Taken names(Optional<String> place, Image release, Image app, String tag);

    /** Takes in the images of an archive, their digests as they are.
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

    /** {@return what is wrong with a tag that should lead to an image; empty if it does, or if there are no tags here} */
    Optional<String> tagFault(String name, String tag, Digest digest);

    /** {@return the file that is the image; empty if it is in a registry} */
    Optional<Path> file(String name);

    /** {@return how it is with the place where release images are put, in a few words; nothing is written}
     *
     *  @param place a folder, or a registry's host and name; empty: this store's own
     *  @throws io.visitorcounter.release.ReleaseException if none can be put there, with the next step */
    String state(Optional<String> place);
}
