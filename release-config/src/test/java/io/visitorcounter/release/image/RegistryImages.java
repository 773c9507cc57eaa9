package io.visitorcounter.release.image;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts images of tars into a registry, as a build would have pushed them. */
public final class RegistryImages {

    private RegistryImages() {}

    /** {@return the image's reference by digest}
     *
     *  @param tar a docker-archive
     *  @param repository such as {@code localhost:5000/app}
     *  @param variables with the login, where the registry asks for one */
    public static String push(Path tar, String repository, Map<String, String> variables) {
        try {
            Image image = ImageArchive.read(tar, tar.toString());
            ImageReference reference = ImageReference.parse(repository + ":build");
            RegistryClient client = client(reference, variables);
            for (int i = 0; i < image.layers().size(); i++) {
                try (InputStream layer = ImageArchive.layer(
                                tar, tar.toString(), i, image.layers().get(i))
                        .orElseThrow()) {
                    client.pushBlob(reference, layer.readAllBytes());
                }
            }
            client.pushBlob(reference, image.config());
            client.pushManifest(reference, image);
            return reference.at(image.digest()).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static RegistryClient client(ImageReference reference, Map<String, String> variables) {
        Map<String, String> own = new HashMap<>(variables);
        return new RegistryClient(
                new RegistryConnection(
                        reference,
                        false,
                        new RegistryCredentials(own, Optional.of(reference.repositoryName())),
                        new RegistryHttp(new HttpSettings(own))),
                RetryPolicy.standard(),
                Uploads.NONE);
    }

    /** {@return the variables that an image sets}
     *
     *  @param name by digest
     *  @param variables with the login, where the registry asks for one */
    public static Map<String, String> variables(String name, Map<String, String> variables) {
        ImageReference reference = ImageReference.parse(name);
        RegistryClient client = client(reference, variables);
        byte[] manifest = client.manifest(reference).orElseThrow().bytes();
        Digest config = new Digest(CanonicalJson.parse(name, manifest)
                .path("config")
                .path("digest")
                .asText());
        return Image.of(name, manifest, client.blob(reference, config)).environment();
    }

    /** {@return the digest of an image's lowest layer}
     *
     *  @param tar a docker-archive */
    public static Digest layer(Path tar) {
        return ImageArchive.read(tar, tar.toString()).layers().get(0).digest();
    }
}
