package io.visitorcounter.release.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks a release image against its app image: the same layers and one more, the labels and variables of the release
 *  layer, and no other change. It reads only manifests and configs, not the layers' bytes. */
public final class ReleaseImageCheck {

    private ReleaseImageCheck() {}

    /** {@return what is wrong, one line each; empty if the image is this release} */
    public static List<String> faults(Image release, Image app, ReleaseLayer expected) {
        List<String> faults = new ArrayList<>();
        layers(release, app, expected, faults);
        added(release, expected, faults);
        same("labels", release.labels(), with(app.labels(), expected.labels()), faults);
        same("variables", release.environment(), with(app.environment(), expected.variables()), faults);
        same("platform", platform(release), platform(app), faults);
        runtime(release.configJson().path("config"), app.configJson().path("config"), faults);
        return faults;
    }

    private static void layers(Image release, Image app, ReleaseLayer expected, List<String> faults) {
        int base = app.layers().size();
        if (release.layers().size() != base + 1) {
            faults.add("layers: expected the app image's " + base + " and one more, got "
                    + release.layers().size());
            return;
        }
        // 1.0.0 rewrote the descriptors in its own form.
        boolean copied = expected.hasOwnBytes(release);
        for (int i = 0; i < base; i++) {
            Layer got = release.layers().get(i);
            Layer wanted = app.layers().get(i);
            if (!got.sameBytes(wanted)) {
                faults.add(
                        "layer " + (i + 1) + ": expected the app image's " + wanted.digest() + ", got " + got.digest());
            } else if (copied && !got.descriptor().equals(wanted.descriptor())) {
                faults.add("layer " + (i + 1) + ": expected the app image's descriptor, got another");
            }
        }
        if (copied && !release.mediaType().equals(app.mediaType())) {
            faults.add("manifest: expected the type " + app.mediaType() + ", got " + release.mediaType());
        }
    }

    /** The layer's digest proves that it holds the bundle and nothing else. */
    private static void added(Image release, ReleaseLayer expected, List<String> faults) {
        Digest diffId = Digest.of(LayerBytes.tar(expected));
        release.lastLayer()
                .map(Layer::diffId)
                .filter(got -> !got.equals(diffId))
                .ifPresent(got -> faults.add("layer " + release.layers().size() + ": expected " + expected.folder()
                        + " with only the bundle, which has diff id " + diffId + ", got " + got));
    }

    private static void same(
            String subject, Map<String, String> got, Map<String, String> expected, List<String> faults) {
        Set<String> names = new TreeSet<>(got.keySet());
        names.addAll(expected.keySet());
        for (String name : names) {
            String want = expected.get(name);
            String have = got.get(name);
            if (want == null) {
                faults.add(subject + ": " + name + " is there and should not be");
            } else if (!want.equals(have)) {
                faults.add(subject + ": " + name + ": expected " + shown(want) + ", got "
                        + (have == null ? "none" : shown(have)));
            }
        }
    }

    private static String shown(String value) {
        int longest = 80;
        return value.length() <= longest ? value : value.substring(0, longest) + "…";
    }

    private static Map<String, String> with(Map<String, String> base, Map<String, String> added) {
        Map<String, String> all = new LinkedHashMap<>(base);
        all.putAll(added);
        return all;
    }

    private static Map<String, String> platform(Image image) {
        Map<String, String> platform = new TreeMap<>();
        ObjectNode config = image.configJson();
        Set.of("architecture", "os", "variant").forEach(field -> {
            if (!config.path(field).asText().isEmpty()) {
                platform.put(field, config.path(field).asText());
            }
        });
        return platform;
    }

    private static void runtime(JsonNode release, JsonNode app, List<String> faults) {
        Set<String> names = new TreeSet<>();
        release.fieldNames().forEachRemaining(names::add);
        app.fieldNames().forEachRemaining(names::add);
        names.removeAll(Set.of("Labels", "Env"));
        for (String name : names) {
            JsonNode got = release.path(name);
            JsonNode want = app.path(name);
            if (!(isEmpty(got) && isEmpty(want)) && !got.equals(want)) {
                faults.add("image config: " + name + ": expected " + shown(want.toString())
                        + " as in the app image, got " + (got.isMissingNode() ? "none" : shown(got.toString())));
            }
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isBoolean() && !value.asBoolean());
    }
}
