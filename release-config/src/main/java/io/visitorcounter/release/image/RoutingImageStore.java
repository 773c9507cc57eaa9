package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Images in a folder and in registries: what an image is called says where it is.
 *
 *  @param folder where files are looked up
 *  @param registries where references are */
public record RoutingImageStore(ImageFolder folder, Registry registries) implements ImageStore {

    private ImageStore of(String name) {
        return Registry.isReference(name) ? registries : folder;
    }

    @Override
    public PendingImage find(String reference) {
        return of(reference).find(reference);
    }

    @Override
    public boolean isKept(String name, String tag, Digest digest) {
        return of(name).isKept(name, tag, digest);
    }

    @Override
    public PendingImage make(Stored app, ReleaseLayer layer) {
        return of(app.name()).make(app, layer);
    }

    @Override
    public void keep(Stored app, Stored release, Optional<byte[]> layer, String tag) {
        of(app.name()).keep(app, release, layer, tag);
    }

    @Override
    public void attach(String name, Image subject, List<Referrer> referrers, Runnable keeper) {
        of(name).attach(name, subject, referrers, keeper);
    }

    @Override
    public List<Referrer> unattached(String name, Image subject, List<Referrer> referrers) {
        return of(name).unattached(name, subject, referrers);
    }

    @Override
    public List<byte[]> attached(String name, Image subject, String type, List<Referrer> known) {
        return of(name).attached(name, subject, type, known);
    }

    @Override
    public Taken names(Optional<String> place, Image release, Image app, String tag) {
        return place.map(this::of).orElse(folder).names(place, release, app, tag);
    }

    @Override
    public void take(Optional<String> place, ReleaseArchive archive, Image app, String tag) {
        place.map(this::of).orElse(folder).take(place, archive, app, tag);
    }

    @Override
    public Image read(String name, Digest digest) {
        return of(name).read(name, digest);
    }

    @Override
    public InputStream layer(String name, Image image, int index) throws IOException {
        return of(name).layer(name, image, index);
    }

    @Override
    public Optional<String> tagFault(String name, String tag, Digest digest) {
        return of(name).tagFault(name, tag, digest);
    }

    @Override
    public Optional<Path> file(String name) {
        return of(name).file(name);
    }

    @Override
    public String state(Optional<String> place) {
        return place.map(this::of).orElse(folder).state(place);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
