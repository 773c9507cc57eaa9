package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Images as tars in a folder, for where there is no registry. A tar's name comes from its content, so every image is
 *  written once: beside, made durable, then renamed.
 *
 *  @param folder created at the first write */
public record ImageFolder(Path folder) implements ImageStore {

    private static final Pattern FILE_NAME = Pattern.compile("(?!\\.{1,2}$)[^/\\\\\\p{Cntrl}]{1,255}");

    @Override
    public PendingImage find(String reference) {
        Path given = there(Path.of(reference));
        Image image = ImageArchive.read(given, reference);
        String name = appName(image.digest());
        return new PendingImage(new Stored(name, image), () -> keepApp(given, reference, image, name));
    }

    private void keepApp(Path given, String reference, Image found, String name) {
        if (holds(name, found.digest())) {
            return;
        }
        ImageArchive.reading(there(given), reference, files -> {
            ImageArchive saved = ImageArchive.of(files);
            Digest now = saved.image().digest();
            if (!now.equals(found.digest())) {
                throw new ReleaseException.VerificationFailed(given + ": expected " + found.digest() + ", got " + now
                        + "; a build wrote it meanwhile, so create again");
            }
            // Every byte is checked against the digests that were read, so a concurrent build can't change anything.
            String called = imageName(found) + ":" + ReleaseLayer.appTag(found.digest());
            write(name, called, found, index -> files.open(saved.layers().get(index)));
            return name;
        });
    }

    private static Path there(Path app) {
        if (!Files.exists(app)) {
            throw new ReleaseException.NotFound(
                    app + ": no such app image; build it with mvn package, or name another with --app: a file, or an"
                            + " image of a registry like host/name:tag");
        }
        if (!ImageFiles.canBeImage(app)) {
            throw new ReleaseException.Usage(
                    app + ": expected a build: an OCI layout or a docker-archive, or an image of"
                            + " a registry like host/name@sha256:…, got "
                            + (Files.isDirectory(app)
                                    ? "a folder without either"
                                    : "a file that is not a tar, or not one that gzip compressed"));
        }
        return app;
    }

    @Override
    public boolean isKept(String name, String tag, Digest digest) {
        return holds(name, digest);
    }

    @Override
    public PendingImage make(Stored app, ReleaseLayer layer) {
        ReleaseBuild.Built built = ReleaseBuild.make(app.image(), layer);
        String name = layer.tag() + ".tar";
        Stored release = new Stored(name, built.image());
        return new PendingImage(release, () -> keep(app, release, Optional.of(built.layer()), layer.tag()));
    }

    @Override
    public void keep(Stored app, Stored release, Optional<byte[]> layer, String tag) {
        Image image = release.image();
        if (holds(release.name(), image.digest())) {
            return;
        }
        byte[] own = layer.orElseThrow(
                () -> new ReleaseException.NotFound(
                        folder.resolve(release.name())
                                + ": is not as it was recorded, and its layer was compressed by another Java, so it can't be made again"));
        int last = app.image().layers().size();
        write(release.name(), imageName(app.image()) + ":" + tag, image, index -> {
            Layer each = image.layers().get(index);
            return index == last
                    ? Optional.of(new ByteArrayInputStream(own))
                    : ImageArchive.layer(existingFile(app.name()), app.name(), index, each);
        });
    }

    private void write(String name, String imageName, Image image, ImageTar.Layers layers) {
        try (Scratch scratch = Scratch.in(folder)) {
            Path tar = scratch.resolve(name);
            ImageTar.write(tar, imageName, image, layers);
            Scratch.putInPlace(tar, place(name));
        } catch (IOException e) {
            String why =
                    e instanceof FileAlreadyExistsException ? "it is a file, not a folder" : ReleaseException.reason(e);
            throw new ReleaseException.Unreachable(folder + ": can't be written: " + why, e);
        }
    }

    @Override
    public void attach(String name, Image subject, List<Referrer> referrers, Runnable keeper) {
        // A tar holds one image.
        keeper.run();
    }

    @Override
    public List<Referrer> unattached(String name, Image subject, List<Referrer> referrers) {
        return List.of();
    }

    @Override
    public List<byte[]> attached(String name, Image subject, String type, List<Referrer> known) {
        return List.of();
    }

    @Override
    public Taken names(Optional<String> place, Image release, Image app, String tag) {
        return new Taken(tag + ".tar", appName(app.digest()));
    }

    @Override
    public void take(Optional<String> place, ReleaseArchive archive, Image app, String tag) {
        take(archive, app, appName(app.digest()), ReleaseLayer.appTag(app.digest()));
        take(archive, archive.release(), tag + ".tar", tag);
    }

    private void take(ReleaseArchive archive, Image image, String name, String tag) {
        if (holds(name, image.digest())) {
            return;
        }
        write(name, imageName(image) + ":" + tag, image, index -> {
            Layer layer = image.layers().get(index);
            return Optional.of(archive.layer(layer).orElseThrow(() -> archive.missing(layer, folder.toString())));
        });
    }

    private static String appName(Digest app) {
        return "app-" + app.shortText() + ".tar";
    }

    @Override
    public Image read(String name, Digest digest) {
        Image image = existing(name);
        if (!image.digest().equals(digest)) {
            throw new ReleaseException.VerificationFailed(
                    folder.resolve(name) + ": expected " + digest + ", got " + image.digest());
        }
        return image;
    }

    @Override
    public InputStream layer(String name, Image image, int index) throws IOException {
        Path file = existingFile(name);
        return ImageArchive.layer(file, file.toString(), index, image.layers().get(index))
                .orElseThrow(() ->
                        new ReleaseException.VerificationFailed(file + ": layer " + (index + 1) + " is not in it"));
    }

    @Override
    public Optional<String> tagFault(String name, String tag, Digest digest) {
        return name.equals(tag + ".tar") ? Optional.empty() : Optional.of(name + ": expected the name " + tag + ".tar");
    }

    @Override
    public Optional<Path> file(String name) {
        return Optional.of(existingFile(name));
    }

    @Override
    public String state(Optional<String> place) {
        if (!Files.exists(folder)) {
            return folder + ": none yet; the first release creates it";
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new ReleaseException.Unreachable(
                    folder + ": expected a folder that can be written, got another; name it with --images");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return folder + ": "
                    + files.filter(file -> file.toString().endsWith(".tar")).count() + " tars";
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": can't be read: " + ReleaseException.reason(e), e);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    private static String imageName(Image app) {
        String name = AppNames.plain(app.labels().getOrDefault(AppNames.TITLE, ""));
        return name.isEmpty() ? AppNames.NONE : name;
    }

    private boolean holds(String name, Digest digest) {
        if (!Files.isRegularFile(place(name))) {
            return false;
        }
        try {
            return existing(name).digest().equals(digest);
        } catch (ReleaseException.VerificationFailed damaged) {
            return false;
        }
    }

    // An entry names it, and whoever wrote that entry must not reach out of the folder.
    private Path place(String name) {
        if (!FILE_NAME.matcher(name).matches()) {
            throw new ReleaseException.VerificationFailed(folder + ": expected an image called like a file or like one"
                    + " of a registry, got " + PrintableText.quoted(name) + "; see release verify --all");
        }
        return folder.resolve(name);
    }

    private Image existing(String name) {
        Path file = existingFile(name);
        return ImageArchive.read(file, file.toString());
    }

    private Path existingFile(String name) {
        Path file = place(name);
        if (!Files.isRegularFile(file)) {
            throw new ReleaseException.NotFound(
                    folder + ": expected the image " + name + ", got none; name where the images are with --images");
        }
        return file;
    }
}
