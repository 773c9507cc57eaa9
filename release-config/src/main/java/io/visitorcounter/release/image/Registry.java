package io.visitorcounter.release.image;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Images in registries. A release image goes into the repository of its app image, under a tag that its content alone
 *  decides: the app's layers are there already, and nothing else is moved. */
public final class Registry implements ImageStore {

    private final boolean insecure;
    private final RegistryCredentials credentials;
    private final RegistryHttp http;
    private final RetryPolicy retry;
    private final Uploads uploads;
    private final Map<String, RegistryClient> clients = new HashMap<>();

    /** Sets how to speak to registries.
     *
     *  @param insecure whether plain HTTP is fine beyond this machine
     *  @param credentials who we are
     *  @param variables the environment's, which name proxies and certificate authorities
     *  @param uploads hears of what is uploaded */
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

    /** {@return whether this names an image of a registry rather than a file}
     *
     *  @param reference what a ledger recorded */
    public static boolean isReference(String reference) {
        return ImageReference.isOne(reference);
    }

    /** {@return what a user wrote, with the host of its registry where it names an image of one}
     *
     *  @param name a file that is there, or an image of a registry
     *  @throws ReleaseException.Usage if it is meant to be an image of a registry, and can't be one */
    public static String completed(String name) {
        return name.isEmpty() || Files.exists(Path.of(name)) ? name : ImageReference.completed(name);
    }

    @Override
    public FoundApp find(String reference) {
        ImageReference image = ImageReference.parse(reference);
        Image found = find(image);
        return new FoundApp(new Stored(image.at(found.digest()).toString(), found), () -> {});
    }

    @Override
    public boolean isKept(String name, String tag, Digest digest) {
        ImageReference tagged = ImageReference.parse(name).tagged(tag);
        return client(tagged).digest(tagged).equals(Optional.of(digest));
    }

    @Override
    public Made make(Stored app, ReleaseLayer layer) {
        ImageReference target = ImageReference.parse(app.name());
        ReleaseBuild.Built built = ReleaseBuild.make(app.image(), layer);
        Stored release = new Stored(target.at(built.image().digest()).toString(), built.image());
        return new Made(release, () -> keep(app, release, Optional.of(built.layer()), layer.tag()));
    }

    @Override
    public void keep(Stored app, Stored release, Optional<byte[]> layer, String tag) {
        // Side by side: a registry is waited for more than anything else.
        Stream.<Runnable>of(() -> keepApp(app), () -> keepRelease(release, layer, tag))
                .parallel()
                .forEach(Runnable::run);
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
            throw new ReleaseException.NotFound(
                    release.name() + ": its layer " + last
                            + " is not in the registry any more, and was compressed by another Java, so it can't be made again");
        }
        Stream.concat(layer.stream(), Stream.of(image.config()))
                .parallel()
                .forEach(blob -> client.pushBlob(tagged, blob));
        client.pushManifest(tagged, image);
    }

    /** A tag of its own: the one that it was pushed with moves on, and a registry deletes what has no tag. */
    private void keepApp(Stored app) {
        ImageReference tagged = ImageReference.parse(app.name())
                .tagged(ReleaseLayer.appTag(app.image().digest()));
        RegistryClient client = client(tagged);
        if (!client.quickDigest(tagged).equals(Optional.of(app.image().digest()))) {
            client.pushBlob(tagged, app.image().config());
            client.pushManifest(tagged, app.image());
        }
    }

    @Override
    public Image read(String name, Digest digest) {
        return find(ImageReference.parse(name).at(digest));
    }

    @Override
    public InputStream layer(String name, Image image, int index) {
        ImageReference reference = ImageReference.parse(name);
        return client(reference).openBlob(reference, image.layers().get(index).digest());
    }

    @Override
    public Optional<String> tagFault(String name, String tag, Digest digest) {
        ImageReference tagged = ImageReference.parse(name).tagged(tag);
        Optional<Digest> now = client(tagged).digest(tagged);
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
        client(repository).tryPush(repository);
        return repository.repositoryName() + ": the registry takes pushes"
                + credentials
                        .of(repository.host())
                        .map(login -> ", with the " + login)
                        .orElse(", without a login");
    }

    private Image find(ImageReference image) {
        RegistryClient client = client(image);
        RegistryClient.FetchedManifest manifest = client.manifest(image)
                .orElseThrow(() -> new ReleaseException.NotFound(image + ": no such image in the registry"));
        ImageIndex.refuse(image, manifest);
        String config = CanonicalJson.parse(image + ": manifest", manifest.bytes())
                .path("config")
                .path("digest")
                .asText();
        try {
            return Image.of(image.toString(), manifest.bytes(), client.blob(image, new Digest(config)));
        } catch (IllegalArgumentException e) {
            throw new ReleaseException.VerificationFailed(List.of(image + ": manifest: config: " + e.getMessage()));
        }
    }

    private synchronized RegistryClient client(ImageReference image) {
        return clients.computeIfAbsent(
                image.host(),
                host -> new RegistryClient(new RegistryConnection(image, insecure, credentials, http), retry, uploads));
    }
}
