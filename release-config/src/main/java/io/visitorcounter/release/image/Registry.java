package io.visitorcounter.release.image;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.InputStream;
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
    private final Uploads uploads;
    private final Map<String, RegistryClient> clients = new HashMap<>();

    /** Sets how to speak to registries.
     *
     *  @param insecure whether plain HTTP is fine beyond this machine
     *  @param credentials who we are
     *  @param uploads hears of what is uploaded */
    public Registry(boolean insecure, RegistryCredentials credentials, Uploads uploads) {
        this.insecure = insecure;
        this.credentials = credentials;
        this.uploads = uploads;
    }

    /** {@return whether this names an image of a registry rather than a file}
     *
     *  @param reference what a user wrote, or a ledger recorded */
    public static boolean isReference(String reference) {
        return ImageReference.isOne(reference);
    }

    @Override
    public Found find(String reference) {
        ImageReference image = ImageReference.parse(reference);
        Image found = find(image);
        return new Found(new Stored(image.at(found.digest()).toString(), found), () -> {});
    }

    @Override
    public boolean has(String name, Digest digest) {
        ImageReference image = ImageReference.parse(name).at(digest);
        return client(image).head(image).isPresent();
    }

    @Override
    public Stored keptApp(String name, Digest digest) {
        return new Stored(name, read(name, digest));
    }

    @Override
    public Made make(Stored app, ReleaseLayer layer) {
        ImageReference target = ImageReference.parse(app.name());
        ReleaseBuild.Built built = ReleaseBuild.make(app.image(), layer);
        ImageReference tagged =
                new ImageReference(target.host(), target.repository(), Optional.of(layer.tag()), Optional.empty());
        Digest digest = built.image().digest();
        return new Made(new Stored(target.at(digest).toString(), built.image()), () -> {
            RegistryClient client = client(target);
            if (!client.head(tagged).equals(Optional.of(digest))) {
                // Side by side: a registry is waited for more than anything else.
                Stream.of(built.layer(), built.image().config())
                        .parallel()
                        .forEach(blob -> client.pushBlob(target, blob));
                client.pushManifest(tagged, built.image().manifest());
            }
        });
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
        ImageReference image = ImageReference.parse(name);
        ImageReference tagged =
                new ImageReference(image.host(), image.repository(), Optional.of(tag), Optional.empty());
        Optional<Digest> now = client(image).head(tagged);
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

    private RegistryClient client(ImageReference image) {
        return clients.computeIfAbsent(image.host(), host -> new RegistryClient(image, insecure, credentials, uploads));
    }
}
