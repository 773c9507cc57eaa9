package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Images in registries. A release image goes into the repository of its app image, under a tag derived only from its
 *  content: the app's layers are already there, so only the release's own parts are uploaded. */
public final class Registry implements ImageStore {

    private static final int MAX_LISTS = 4;

    private final boolean insecure;
    private final RegistryCredentials credentials;
    private final RegistryHttp http;
    private final RetryPolicy retry;
    private final Uploads uploads;
    private final Map<String, RegistryClient> clients = new HashMap<>();

    /** Takes the settings for registries.
     *
     *  @param insecure whether plain HTTP is allowed beyond this machine
     *  @param variables the environment's, which name proxies and certificate authorities */
    public Registry(boolean insecure, RegistryCredentials credentials, Map<String, String> variables, Uploads uploads) {
        this(insecure, credentials, new HttpSettings(variables), RetryPolicy.standard(), uploads);
    }

    Registry(
            boolean insecure,
            RegistryCredentials credentials,
            HttpSettings settings,
            RetryPolicy retry,
            Uploads uploads) {
        this.insecure = insecure;
        this.credentials = credentials;
        this.http = new RegistryHttp(settings);
        this.retry = retry.telling(uploads);
        this.uploads = uploads;
    }

    /** Lets proxies ask for the login from their variable. Call before the first connection of this JVM. */
    public static void setUp() {
        RegistryHttp.letProxiesAsk();
    }

    /** {@return whether this names an image in a registry rather than a file} */
    public static boolean isReference(String reference) {
        return ImageReference.isOne(reference);
    }

    /** {@return the user's text, with the registry's host if it names an image in one}
     *
     *  @param name an existing file, or an image in a registry
     *  @throws ReleaseException.Usage if it seems to name an image in a registry, but is invalid */
    public static String completed(String name) {
        // A line end of the file that the name was read from does not belong to it.
        String plain = name.strip();
        return plain.isEmpty() || Files.exists(Path.of(name)) ? name : ImageReference.completed(plain);
    }

    @Override
    public PendingImage find(String reference) {
        ImageReference image = ImageReference.parse(reference);
        Image found = find(image, 0);
        return new PendingImage(new Stored(image.at(found.digest()).toString(), found), () -> {});
    }

    @Override
    public boolean isKept(String name, String tag, Digest digest) {
        ImageReference tagged = ImageReference.parse(name).tagged(tag);
        return client(tagged).digest(tagged).equals(Optional.of(digest));
    }

    @Override
    public PendingImage make(Stored app, ReleaseLayer layer) {
        ImageReference target = ImageReference.parse(app.name());
        ReleaseBuild.Built built = ReleaseBuild.make(app.image(), layer);
        Stored release = new Stored(target.at(built.image().digest()).toString(), built.image());
        return new PendingImage(release, () -> keep(app, release, Optional.of(built.layer()), layer.tag()));
    }

    @Override
    public void keep(Stored app, Stored release, Optional<byte[]> layer, String tag) {
        // In parallel: most of the time is spent waiting for the registry.
        SideBySide.run(List.<Runnable>of(() -> keepApp(app), () -> keepRelease(release, layer, tag)));
    }

    private void keepRelease(Stored release, Optional<byte[]> layer, String tag) {
        ImageReference tagged = ImageReference.parse(release.name()).tagged(tag);
        RegistryClient client = client(tagged);
        Image image = release.image();
        if (client.quickDigest(tagged).equals(Optional.of(image.digest()))) {
            return;
        }
        Digest last = image.layers().get(image.layers().size() - 1).digest();
        if (layer.isEmpty() && !client.hasBlob(tagged, last)) {
            throw new ReleaseException.NotFound(release.name() + ": its layer " + last
                    + " is not in the registry any more, and was compressed by another Java, so it can't be"
                    + " made again");
        }
        push(client, tagged, image, Stream.concat(layer.stream(), Stream.of(image.config())));
    }

    private static void push(RegistryClient client, ImageReference tagged, Image image, Stream<byte[]> blobs) {
        List<byte[]> own = blobs.toList();
        SideBySide.run(own.stream()
                .<Runnable>map(blob -> () -> client.pushBlob(tagged, blob))
                .toList());
        try {
            client.pushManifest(tagged, image);
        } catch (ReleaseException.NotFound e) {
            // After a clean-up, some registries still claim to have what they have deleted.
            own.forEach(blob -> client.blobs.push(tagged, blob));
            client.pushManifest(tagged, image);
        }
    }

    /** Gives the app image its own tag: the tag of the push moves on, and registries delete untagged images. */
    private void keepApp(Stored app) {
        ImageReference tagged = ImageReference.parse(app.name())
                .tagged(ReleaseLayer.appTag(app.image().digest()));
        RegistryClient client = client(tagged);
        if (!client.quickDigest(tagged).equals(Optional.of(app.image().digest()))) {
            push(client, tagged, app.image(), Stream.of(app.image().config()));
        }
    }

    @Override
    public void attach(String name, Image subject, List<Referrer> referrers, Runnable keeper) {
        referrers(name).attach(subject, referrers, keeper);
    }

    @Override
    public List<Referrer> unattached(String name, Image subject, List<Referrer> referrers) {
        return referrers.isEmpty() ? List.of() : referrers(name).missing(subject, referrers);
    }

    @Override
    public List<byte[]> attached(String name, Image subject, String type, List<Referrer> known) {
        return referrers(name).payloads(subject, type, known);
    }

    private Referrers referrers(String name) {
        ImageReference image = ImageReference.parse(name);
        return new Referrers(client(image), image);
    }

    @Override
    public Taken names(Optional<String> place, Image release, Image app, String tag) {
        ImageReference repository = ImageReference.parse(place.orElseThrow());
        return new Taken(
                repository.at(release.digest()).toString(),
                repository.at(app.digest()).toString());
    }

    @Override
    public void take(Optional<String> place, ReleaseArchive archive, Image app, String tag) {
        ImageReference repository = ImageReference.parse(place.orElseThrow());
        take(archive, app, repository.tagged(ReleaseLayer.appTag(app.digest())));
        take(archive, archive.release(), repository.tagged(tag));
    }

    private void take(ReleaseArchive archive, Image image, ImageReference tagged) {
        RegistryClient client = client(tagged);
        if (client.quickDigest(tagged).equals(Optional.of(image.digest()))) {
            return;
        }
        for (Layer layer : image.layers()) {
            if (!client.hasBlob(tagged, layer.digest())) {
                try (InputStream bytes =
                        archive.layer(layer).orElseThrow(() -> archive.missing(layer, tagged.repositoryName()))) {
                    client.pushBlob(tagged, bytes.readAllBytes());
                } catch (IOException e) {
                    throw new ReleaseException.Unreachable(
                            archive + ": can't be read: " + ReleaseException.reason(e), e);
                }
            }
        }
        client.pushBlob(tagged, image.config());
        client.pushManifest(tagged, image);
    }

    @Override
    public Image read(String name, Digest digest) {
        return find(ImageReference.parse(name).at(digest), 0);
    }

    @Override
    public InputStream layer(String name, Image image, int index) {
        ImageReference reference = ImageReference.parse(name);
        return client(reference).openLayer(reference, image.layers().get(index));
    }

    @Override
    public Optional<String> tagFault(String name, String tag, Digest digest) {
        ImageReference tagged = ImageReference.parse(name).tagged(tag);
        RegistryClient client = client(tagged);
        // A digest that is only claimed is no proof of a fault.
        Optional<Digest> now = client.quickDigest(tagged)
                .filter(digest::equals)
                .or(() -> client.manifest(tagged).map(found -> Digest.of(found.bytes())));
        return now.equals(Optional.of(digest))
                ? Optional.empty()
                : Optional.of("tag " + tagged + ": expected " + digest + ", got "
                        + now.map(Digest::text).orElse("none"));
    }

    @Override
    public Optional<Path> file(String name) {
        return Optional.empty();
    }

    @Override
    public String state(Optional<String> place) {
        ImageReference repository = ImageReference.parse(place.orElseThrow());
        client(repository).blobs.tryOut(repository);
        return repository.repositoryName() + ": the registry takes pushes"
                + credentials
                        .of(repository.host(), repository.repository())
                        .map(login -> ", with the " + login)
                        .orElse(", without a login");
    }

    private Image find(ImageReference image, int depth) {
        RegistryClient client = client(image);
        RegistryClient.FetchedManifest manifest = client.manifest(image)
                .orElseThrow(() -> new ReleaseException.NotFound(image + ": no such image in the registry"));
        Optional<Digest> only = ImageIndex.only(image, manifest);
        if (only.isPresent()) {
            if (depth == MAX_LISTS) {
                throw new ReleaseException.Usage(image + ": expected an image, got lists within lists");
            }
            return find(image.at(only.get()), depth + 1);
        }
        ObjectNode json = CanonicalJson.parse(image + ": manifest", manifest.bytes());
        Digest config = ImageForm.digest(
                image.toString(), "manifest: config", json.path("config").path("digest"));
        return Image.of(image.toString(), manifest.bytes(), client.blob(image, config));
    }

    private synchronized RegistryClient client(ImageReference image) {
        return clients.computeIfAbsent(
                image.repositoryName(),
                name -> new RegistryClient(new RegistryConnection(image, insecure, credentials, http), retry, uploads));
    }
}
