package io.visitorcounter.release.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.io.function.IOFunction;

/** A saved image: an OCI layout, or a docker-archive; in a folder or in a tar, compressed or not; by Jib, docker,
 *  podman, skopeo or this tool. A broken or hostile one gives one clear error.
 *
 *  @param image manifest and config; the bytes of every layer were checked against their digests
 *  @param layers where the layers' bytes are, lowest first */
record ImageArchive(Image image, List<String> layers) {

    static final String MANIFEST = "manifest.json";
    static final String OCI_LAYOUT = "oci-layout";

    static final String INDEX = "index.json";
    private static final int MAX_INDEXES = 4;

    // Fields of Docker's image config that OCI's lacks.
    private static final Set<String> DOCKER_ONLY = Set.of("Healthcheck", "OnBuild", "Shell");

    /** {@return the image in this file or folder}
     *
     *  @param path a tar or a folder
     *  @throws ReleaseException.NotFound if there is no such file
     *  @throws ReleaseException.VerificationFailed if it is not one image */
    static Image read(Path path, String where) {
        return reading(path, where, files -> of(files).image());
    }

    /** {@return the bytes of a layer as stored, to be closed; empty if the archive lacks them}
     *
     *  @param path a tar or a folder
     *  @param index which layer; 0 is the lowest
     *  @throws IOException if the file can't be read */
    static Optional<InputStream> layer(Path path, String where, int index, Layer layer) throws IOException {
        // An open entry stays readable when the rest is closed.
        try (ImageFiles files = ImageFiles.of(path, where)) {
            if (files.has(ImageTar.blob(layer.digest()))) {
                return files.open(ImageTar.blob(layer.digest()));
            }
            Optional<byte[]> manifest = files.small(MANIFEST);
            JsonNode names = manifest.isEmpty()
                    ? CanonicalJson.object()
                    : json(files, manifest.get()).path(0).path("Layers");
            return index < names.size() ? files.open(names.get(index).asText()) : Optional.empty();
        }
    }

    /** {@return the result of reading the files, with every fault in this tool's words} */
    static <T> T reading(Path path, String where, IOFunction<ImageFiles, T> work) {
        try (ImageFiles files = ImageFiles.of(path, where)) {
            return work.apply(files);
        } catch (NoSuchFileException e) {
            throw new ReleaseException.NotFound(where + ": no such file");
        } catch (IOException | IllegalArgumentException e) {
            // commons-compress throws IllegalArgumentException for some broken headers.
            throw new ReleaseException.VerificationFailed(
                    where + ": not a readable image archive (" + e.getMessage() + ")");
        }
    }

    /** {@return the image in these files} */
    static ImageArchive of(ImageFiles files) throws IOException {
        Optional<byte[]> index = files.has(OCI_LAYOUT) ? files.small(INDEX) : Optional.empty();
        if (index.isPresent()) {
            return ociLayout(files, index.get());
        }
        byte[] manifest = files.small(MANIFEST)
                .orElseThrow(() -> files.invalid(
                        "expected an image, with an index.json (OCI layout) or a manifest.json (docker-archive),"
                                + " got neither"));
        JsonNode json = json(files, manifest);
        return json.path("config").has("digest") ? plainFolder(files, manifest, json) : dockerArchive(files, json);
    }

    private static ImageArchive ociLayout(ImageFiles files, byte[] index) throws IOException {
        byte[] manifest = onlyImage(files, CanonicalJson.parse(files.where + ": " + INDEX, index), 0);
        ObjectNode json = CanonicalJson.parse(files.where + ": manifest", manifest);
        byte[] config = files.blob(json.path("config"), "the manifest");
        return stored(files, manifest, config, ImageTar::blob, "the manifest");
    }

    /** skopeo's {@code dir:}, with the image's own manifest and each blob named by its digest. */
    private static ImageArchive plainFolder(ImageFiles files, byte[] manifest, JsonNode json) throws IOException {
        Digest config = ImageForm.digest(
                files.where, "manifest.json: config", json.path("config").path("digest"));
        return stored(files, manifest, files.requiredSmall(config.hex(), MANIFEST), Digest::hex, MANIFEST);
    }

    /** An image whose layer files are named by their digests, each checked against its digest. */
    private static ImageArchive stored(
            ImageFiles files, byte[] manifest, byte[] config, Function<Digest, String> file, String namedBy)
            throws IOException {
        Image image = Image.of(files.where, manifest, config);
        List<String> names = new ArrayList<>();
        for (Layer layer : image.layers()) {
            String name = file.apply(layer.digest());
            names.add(name);
            // A layer with its own addresses need not be here.
            if (!layer.descriptor().has("urls") || files.has(name)) {
                files.requireLayer(name, layer, namedBy);
            }
        }
        return new ImageArchive(image, names);
    }

    /** The manifest of the only image for a platform, which may lie in an index within the index. */
    private static byte[] onlyImage(ImageFiles files, ObjectNode index, int depth) throws IOException {
        List<ImageIndex.IndexedImage> images = ImageIndex.images(index);
        if (images.size() > 1) {
            images = present(files, images);
        }
        if (images.size() != 1 || depth > MAX_INDEXES) {
            throw new ReleaseException.Usage(files.where + ": expected one image, got " + ImageIndex.described(images));
        }
        byte[] bytes = files.blob(images.get(0).descriptor(), INDEX);
        ObjectNode json = CanonicalJson.parse(files.where + ": manifest", bytes);
        return ImageIndex.isIndex(json, images.get(0).mediaType()) ? onlyImage(files, json, depth + 1) : bytes;
    }

    // A list may also name platforms that were not saved.
    private static List<ImageIndex.IndexedImage> present(ImageFiles files, List<ImageIndex.IndexedImage> images)
            throws IOException {
        List<ImageIndex.IndexedImage> present = new ArrayList<>();
        for (ImageIndex.IndexedImage image : images) {
            Optional<Digest> digest =
                    Digest.read(image.descriptor().path("digest").asText());
            if (digest.isEmpty() || files.has(ImageTar.blob(digest.get()))) {
                present.add(image);
            }
        }
        return present;
    }

    private static ImageArchive dockerArchive(ImageFiles files, JsonNode images) throws IOException {
        if (!images.isArray() || images.size() != 1) {
            throw files.invalid("manifest.json: expected one image, got " + images.size()
                    + (images.size() > 1 ? "; save only the one that is meant" : ""));
        }
        JsonNode only = images.get(0);
        List<String> names =
                only.path("Layers").valueStream().map(JsonNode::asText).toList();
        if (!only.path("Config").isTextual() || names.size() > Image.MAX_LAYERS) {
            throw files.invalid("manifest.json: expected a Config and at most " + Image.MAX_LAYERS + " Layers");
        }
        byte[] config = files.requiredSmall(only.path("Config").asText(), MANIFEST);
        List<Image.Blob> layers = new ArrayList<>();
        for (String name : names) {
            layers.add(files.described(name, MANIFEST));
        }
        return new ImageArchive(Image.described(files.where, config, layers, family(files, config)), names);
    }

    private static JsonNode json(ImageFiles files, byte[] bytes) throws IOException {
        try {
            return CanonicalJson.read(bytes);
        } catch (JsonProcessingException e) {
            throw files.invalid("manifest.json is not JSON");
        }
    }

    private static Family family(ImageFiles files, byte[] config) {
        JsonNode runtime =
                CanonicalJson.parse(files.where + ": image config", config).path("config");
        boolean isDockers = DOCKER_ONLY.stream()
                .map(runtime::path)
                .anyMatch(field -> !field.isMissingNode() && !field.isNull() && !(field.isArray() && field.isEmpty()));
        return isDockers ? Family.DOCKER : Family.OCI;
    }
}
