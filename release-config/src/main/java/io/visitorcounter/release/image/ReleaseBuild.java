package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a release image from an app image: adds one layer, with its labels and variables, and keeps all else. It needs
 *  only the descriptors of the app's layers, so none is read or moved. The result does not depend on the machine or the
 *  time. */
final class ReleaseBuild {

    private ReleaseBuild() {}

    /** A release image that is not stored yet.
     *
     *  @param image manifest and config
     *  @param layer the bytes of its last layer; all others are the app image's */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Built(Image image, byte[] layer) {}

    /** {@return the release image, checked} */
    static Built make(Image app, ReleaseLayer layer) {
        byte[] tar = LayerBytes.tar(layer);
        byte[] bytes = StoredGzip.of(tar);
        byte[] config = config(app, layer, Digest.of(tar));
        Image image = app.extended("release image", config, new Image.Blob(Digest.of(bytes), bytes.length));
        List<String> faults = ReleaseImageCheck.faults(image, app, layer);
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(faults);
        }
        return new Built(image, bytes);
    }

    private static byte[] config(Image app, ReleaseLayer layer, Digest diffId) {
        ObjectNode config = app.configJson().deepCopy();
        config.put("created", Instant.EPOCH.toString());
        ObjectNode runtime = config.withObjectProperty("config");
        ObjectNode labels = runtime.withObjectProperty("Labels");
        layer.labels().forEach(labels::put);
        Map<String, String> variables = new LinkedHashMap<>(app.environment());
        variables.putAll(layer.variables());
        ArrayNode env = runtime.putArray("Env");
        variables.forEach((name, value) -> env.add(name + "=" + value));
        config.withObjectProperty("rootfs").withArrayProperty("diff_ids").add(diffId.text());
        if (app.tellsItsLayers()) {
            config.withArrayProperty("history")
                    .addObject()
                    .put("created", Instant.EPOCH.toString())
                    .put("created_by", ReleaseLayer.TOOL + ":" + ReleaseLayer.LAYOUT_VERSION)
                    .put("comment", "the config of " + layer.environment());
        }
        return CanonicalJson.compact(config);
    }
}
