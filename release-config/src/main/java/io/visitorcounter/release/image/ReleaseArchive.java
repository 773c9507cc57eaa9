package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A release in one file, for places without a network: an OCI layout in a tar, with the release image, its app image,
 *  the referrers of both, and the ledger's proof, which also refers to the release image. It is a docker-archive of the
 *  release image too. oras, skopeo and cosign read it as it is. The same release gives the same bytes. Opening it reads
 *  all of it and checks each blob's digest. */
public final class ReleaseArchive {

    /** The type of the ledger's proof. */
    public static final String PROOF_TYPE = "application/vnd.visitorcounter.release.ledger.v1+json";

    private static final String INDEX = ImageArchive.INDEX;
    private static final int MAX_MANIFESTS = 200;

    private final Path file;
    private final Image release;
    private final Map<Digest, Image> images;
    private final byte[] proof;
    private final Set<Digest> layers;

    private ReleaseArchive(Path file, Image release, Map<Digest, Image> images, byte[] proof, Set<Digest> layers) {
        this.file = file;
        this.release = release;
        this.images = images;
        this.proof = proof;
        this.layers = layers;
    }

    /** Writes an archive.
     *
     *  @param target a file that does not exist
     *  @param name the release's name in it
     *  @param ofRelease the referrers of the release image, including the proof
     *  @param ofApp the referrers of the app image
     *  @param without layers to leave out, since the destination already has them
     *  @throws IOException if it can't be written, or a layer can't be read */
    public static void write(
            Path target,
            String name,
            ImageStore images,
            ImageStore.Stored release,
            ImageStore.Stored app,
            List<Referrer> ofRelease,
            List<Referrer> ofApp,
            Set<Digest> without)
            throws IOException {
        Set<Digest> written = new HashSet<>(without);
        ObjectNode index = ImageTar.index();
        var manifests = index.withArrayProperty("manifests");
        try (TarArchiveOutputStream tar = ImageTar.open(target)) {
            for (ImageStore.Stored stored : List.of(release, app)) {
                Image image = stored.image();
                for (int i = 0; i < image.layers().size(); i++) {
                    Layer layer = image.layers().get(i);
                    if (written.add(layer.digest())) {
                        ImageTar.put(tar, image, layer, Optional.of(images.layer(stored.name(), image, i)));
                    }
                }
                blob(tar, written, image.config());
                blob(tar, written, image.manifest());
                ObjectNode listed = manifests.addObject();
                image.describe(listed);
                listed.putObject("annotations")
                        .put(ImageTar.NAME, stored.equals(release) ? name : name + "-app")
                        .put("kind", "dev.cosignproject.cosign/image");
                for (Referrer each : stored.equals(release) ? ofRelease : ofApp) {
                    blob(tar, written, Referrer.empty());
                    blob(tar, written, each.payload());
                    blob(tar, written, each.manifest(image));
                    manifests.add(each.listed(image));
                }
            }
            ImageTar.end(tar, index, release.image(), "release:" + name);
        }
    }

    private static void blob(TarArchiveOutputStream tar, Set<Digest> written, byte[] bytes) throws IOException {
        if (written.add(Digest.of(bytes))) {
            ImageTar.put(tar, ImageTar.blob(Digest.of(bytes)), bytes);
        }
    }

    /** {@return the archive in a file}
     *
     *  @throws ReleaseException.NotFound if there is no such file
     *  @throws ReleaseException.VerificationFailed if it is not a release, or something in it does not match its
     *      digest */
    public static ReleaseArchive open(Path file) {
        return ImageArchive.reading(file, file.toString(), files -> opened(file, files));
    }

    private static ReleaseArchive opened(Path file, ImageFiles files) throws IOException {
        ObjectNode index = CanonicalJson.parse(
                file + ": " + INDEX,
                files.small(INDEX)
                        .orElseThrow(() -> files.invalid("expected a release that was exported, got no " + INDEX)));
        JsonNode listed = index.path("manifests");
        if (listed.size() > MAX_MANIFESTS) {
            throw files.invalid(INDEX + ": expected at most " + MAX_MANIFESTS + " manifests, got " + listed.size());
        }
        Map<Digest, Image> images = new HashMap<>();
        Set<Digest> layers = new HashSet<>();
        List<Digest> proven = new ArrayList<>();
        List<byte[]> proofs = new ArrayList<>();
        for (JsonNode each : listed) {
            byte[] bytes = files.blob(each, INDEX);
            ObjectNode manifest = CanonicalJson.parse(file + ": manifest", bytes);
            if (manifest.has("subject")) {
                // The other referrers are in the proof too; here they are for other tools.
                byte[] payload = payload(files, manifest);
                if (manifest.path("artifactType").asText().equals(PROOF_TYPE)) {
                    proven.add(ImageForm.digest(
                            files.where, "subject", manifest.path("subject").path("digest")));
                    proofs.add(payload);
                }
            } else {
                Image image = Image.of(file.toString(), bytes, files.blob(manifest.path("config"), "the manifest"));
                images.put(image.digest(), image);
                for (Layer layer : image.layers()) {
                    hold(files, layer, layers);
                }
            }
        }
        if (proofs.size() != 1 || !images.containsKey(proven.get(0))) {
            throw files.invalid("expected one release with the proof of its ledger, got " + proofs.size());
        }
        return new ReleaseArchive(
                file, Objects.requireNonNull(images.get(proven.get(0))), images, proofs.get(0), layers);
    }

    private static void hold(ImageFiles files, Layer layer, Set<Digest> there) throws IOException {
        String name = ImageTar.blob(layer.digest());
        if (!there.contains(layer.digest()) && files.has(name)) {
            files.requireLayer(name, layer, INDEX);
            there.add(layer.digest());
        }
    }

    private static byte[] payload(ImageFiles files, ObjectNode manifest) throws IOException {
        JsonNode layers = manifest.path("layers");
        if (layers.size() != 1) {
            throw files.invalid("what refers to an image: expected one layer, got " + layers.size());
        }
        return files.blob(layers.path(0), "the manifest");
    }

    /** {@return the release image} */
    public Image release() {
        return release;
    }

    /** {@return another image that is in it; empty if there is none of this digest} */
    public Optional<Image> image(Digest digest) {
        return Optional.ofNullable(images.get(digest));
    }

    /** {@return the proof of its ledger, unread} */
    public byte[] proof() {
        return proof.clone();
    }

    /** {@return the bytes of a layer, to be closed; empty if it was left out}
     *
     *  @param layer of one of its images */
    Optional<InputStream> layer(Layer layer) throws IOException {
        if (!layers.contains(layer.digest())) {
            return Optional.empty();
        }
        // An open entry stays readable when the rest is closed.
        try (ImageFiles files = ImageFiles.of(file, file.toString())) {
            return files.open(ImageTar.blob(layer.digest()));
        }
    }

    /** {@return the fault for a layer that was left out, and is missing where it should be} */
    ReleaseException missing(Layer layer, String where) {
        return new ReleaseException.NotFound(where + ": layer " + layer.digest() + " is neither there nor in " + file
                + "; export it whole, without --against");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
