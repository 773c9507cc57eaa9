package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One image for one platform: the bytes of its manifest, whose digest names the image, and of its config. Immutable. */
public final class Image {

    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

    private static final Pattern USER = Pattern.compile("(?<user>[1-9][0-9]{0,9})(:(?<group>[0-9]{1,10}))?");

    // More than any real image needs, and small enough to read whole.
    static final int MAX_JSON_BYTES = 4 << 20;
    static final int MAX_LAYERS = 500;

    private final String where;
    private final byte[] manifest;
    private final byte[] config;
    private final Digest digest;
    private final ObjectNode manifestJson;
    private final ObjectNode configJson;
    private final List<Layer> layers;
    private final SortedMap<String, String> labels;

    private Image(String where, byte[] manifest, byte[] config) {
        this.where = where;
        this.manifest = manifest;
        this.config = config;
        this.digest = Digest.of(manifest);
        this.configJson = CanonicalJson.parse(where + ": image config", config);
        this.manifestJson = CanonicalJson.parse(where + ": manifest", manifest);
        ImageForm.require(where, configJson);
        this.layers = readLayers();
        this.labels = readLabels();
    }

    /** {@return the image with this manifest and config}
     *
     *  @param manifest an OCI image manifest, or Docker's schema 2
     *  @throws ReleaseException.VerificationFailed if they do not match */
    public static Image of(String where, byte[] manifest, byte[] config) {
        return new Image(where, manifest.clone(), config.clone());
    }

    /** {@return an image of which only config and layers are known}
     *
     *  @param layers digests and sizes as stored, lowest first
     *  @param family the media types in its manifest */
    static Image described(String where, byte[] config, List<Blob> layers, Family family) {
        ObjectNode manifest = CanonicalJson.object().put("schemaVersion", 2).put("mediaType", family.manifest());
        descriptor(manifest.putObject("config"), family.config(), config);
        var list = manifest.putArray("layers");
        layers.forEach(layer -> descriptor(list.addObject(), family.layer(layer.compression()), layer));
        return new Image(where, CanonicalJson.compact(manifest), config);
    }

    /** {@return this image with another config and one more layer; the rest of its manifest stays as it is} */
    Image extended(String name, byte[] newConfig, Blob layer) {
        ObjectNode json = manifestJson.deepCopy();
        // A reference to another image, or an embedded config, belongs to the app image and not to the release image.
        json.remove("subject");
        ObjectNode configDescriptor = json.withObjectProperty("config");
        configDescriptor.remove("data");
        configDescriptor.put("digest", Digest.of(newConfig).text()).put("size", newConfig.length);
        descriptor(json.withArrayProperty("layers").addObject(), family().layer(layer.compression()), layer);
        return new Image(name, CanonicalJson.compact(json), newConfig);
    }

    /** Bytes that are named by their digest. */
    record Blob(Digest digest, long size, Compression compression) {

        Blob(Digest digest, long size) {
            this(digest, size, Compression.GZIP);
        }
    }

    private static void descriptor(ObjectNode into, String mediaType, Blob blob) {
        into.put("mediaType", mediaType).put("digest", blob.digest().text()).put("size", blob.size());
    }

    static void descriptor(ObjectNode into, String mediaType, byte[] bytes) {
        descriptor(into, mediaType, new Blob(Digest.of(bytes), bytes.length));
    }

    /** Writes this image's descriptor. */
    void describe(ObjectNode into) {
        descriptor(into, mediaType(), manifest);
    }

    /** {@return the type of its manifest} */
    String mediaType() {
        String type = manifestJson.path("mediaType").asText();
        if (!type.isEmpty()) {
            return type;
        }
        // In OCI, the field is optional.
        return manifestJson.path("config").path("mediaType").asText().equals(DOCKER_CONFIG)
                ? DOCKER_MANIFEST
                : OCI_MANIFEST;
    }

    private Family family() {
        return mediaType().equals(DOCKER_MANIFEST) ? Family.DOCKER : Family.OCI;
    }

    /** {@return the name of the image: the digest of its manifest} */
    public Digest digest() {
        return digest;
    }

    /** {@return the manifest's bytes} */
    public byte[] manifest() {
        return manifest.clone();
    }

    /** {@return the config's bytes} */
    public byte[] config() {
        return config.clone();
    }

    /** {@return the layers, lowest first} */
    public List<Layer> layers() {
        return layers;
    }

    /** {@return the highest layer; empty if it has none} */
    Optional<Layer> lastLayer() {
        return layers.isEmpty() ? Optional.empty() : Optional.of(layers.get(layers.size() - 1));
    }

    /** {@return the labels by name} */
    public Map<String, String> labels() {
        return labels;
    }

    private SortedMap<String, String> readLabels() {
        SortedMap<String, String> found = new TreeMap<>();
        runtime()
                .path("Labels")
                .properties()
                .forEach(e -> found.put(e.getKey(), e.getValue().asText()));
        return Collections.unmodifiableSortedMap(found);
    }

    /** {@return the environment variables, in the image's order} */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : texts("Env")) {
            int equals = variable.indexOf('=');
            variables.put(
                    equals < 0 ? variable : variable.substring(0, equals),
                    equals < 0 ? "" : variable.substring(equals + 1));
        }
        return variables;
    }

    /** {@return what starts the image: its entrypoint, then its command} */
    public List<String> command() {
        List<String> command = new ArrayList<>(texts("Entrypoint"));
        command.addAll(texts("Cmd"));
        return command;
    }

    /** {@return the folders of its volumes, sorted} */
    public List<String> volumes() {
        List<String> volumes = new ArrayList<>();
        runtime().path("Volumes").fieldNames().forEachRemaining(volumes::add);
        volumes.sort(null);
        return volumes;
    }

    /** {@return whether it has its own health check, and that is enabled} */
    boolean hasHealthCheck() {
        String kind = runtime().path("Healthcheck").path("Test").path(0).asText();
        return !kind.isEmpty() && !kind.equals("NONE");
    }

    /** The user that a process runs as.
     *
     *  @param user a number other than root's
     *  @param group a number; empty if the image's own files decide */
    public record User(long user, Optional<Long> group) {}

    /** {@return the user that it runs as; empty if that is root, or a name that only the image's files resolve} */
    public Optional<User> user() {
        Matcher numbers = USER.matcher(runtime().path("User").asText());
        if (!numbers.matches()) {
            return Optional.empty();
        }
        return Optional.of(new User(
                Long.parseLong(numbers.group("user")),
                Optional.ofNullable(numbers.group("group")).map(Long::valueOf)));
    }

    /** {@return the config as read; do not change it} */
    ObjectNode configJson() {
        return configJson;
    }

    private JsonNode runtime() {
        return configJson.path("config");
    }

    private List<String> texts(String field) {
        // Old versions of Docker wrote a one-word command this way.
        if (runtime().path(field).isTextual()) {
            return List.of(runtime().path(field).asText());
        }
        return runtime().path(field).valueStream().map(JsonNode::asText).toList();
    }

    private List<Layer> readLayers() {
        JsonNode stored = manifestJson.path("layers");
        List<Digest> diffIds = configJson
                .at("/rootfs/diff_ids")
                .valueStream()
                .map(id -> digest("diff id", id))
                .toList();
        JsonNode configDescriptor = manifestJson.path("config");
        if (!digest("config", configDescriptor.path("digest")).equals(Digest.of(config))
                || configDescriptor.path("size").asLong(-1) != config.length) {
            throw invalid("image config: expected "
                    + configDescriptor.path("digest").asText() + " as the manifest says, got " + Digest.of(config));
        }
        // If there are none, some builders write no list.
        boolean isList = stored.isArray() || stored.isNull() || stored.isMissingNode();
        if (!isList || stored.size() != diffIds.size() || stored.size() > MAX_LAYERS) {
            ImageForm.requireImage(where, configDescriptor);
            throw invalid("layers: expected at most " + MAX_LAYERS + " and a diff id for each, got " + stored.size()
                    + " layers and " + diffIds.size() + " diff ids");
        }
        List<String> makers = makers();
        List<Layer> found = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            JsonNode layer = stored.get(i);
            found.add(new Layer(
                    digest("layer", layer.path("digest")),
                    layer.path("size").asLong(-1),
                    layer.path("mediaType").asText(),
                    diffIds.get(i),
                    makers.size() == stored.size() ? makers.get(i) : "",
                    layer));
        }
        return List.copyOf(found);
    }

    /** Whether its history describes every layer. */
    boolean tellsItsLayers() {
        return makers().size() == layers.size();
    }

    private List<String> makers() {
        return configJson
                .path("history")
                .valueStream()
                .filter(step -> !step.path("empty_layer").asBoolean())
                .map(step -> step.path("created_by").asText())
                .toList();
    }

    private Digest digest(String subject, JsonNode text) {
        return ImageForm.digest(where, subject, text);
    }

    private ReleaseException invalid(String what) {
        return new ReleaseException.VerificationFailed(where + ": " + what);
    }

    @Override
    public String toString() {
        return where + "@" + digest;
    }
}
