package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a service differs from its stack file, in what people change by hand: image, number, replicas, variables,
 *  memory. Swarm does not know who changed what. */
final class SwarmDrift {

    private SwarmDrift() {}

    /** {@return the differences, one line each}
     *
     *  @param service as the engine has it
     *  @param file the service in the stack file
     *  @param number the deployment's */
    static List<String> of(JsonNode service, JsonNode file, int number) {
        List<String> lines = new ArrayList<>();
        JsonNode spec = service.path("Spec");
        JsonNode container = spec.at("/TaskTemplate/ContainerSpec");
        compare(
                lines,
                "deployment",
                Integer.toString(number),
                spec.path("Labels").path(ManifestFile.NUMBER).asText());
        compare(
                lines,
                "image",
                file.path("image").asText(),
                container.path("Image").asText());
        compare(
                lines,
                "replicas",
                file.at("/deploy/replicas").asText(),
                spec.at("/Mode/Replicated/Replicas").asText());
        String memory = file.at("/deploy/resources/limits/memory").asText();
        long bytes = spec.at("/TaskTemplate/Resources/Limits/MemoryBytes").asLong();
        compare(lines, "memory", memory, (bytes >> 20) + "M");
        SortedMap<String, String> wanted = new TreeMap<>();
        file.path("environment")
                .properties()
                .forEach(variable -> wanted.put(
                        variable.getKey(), variable.getValue().asText().replace("$$", "$")));
        SortedMap<String, String> got = new TreeMap<>();
        for (JsonNode variable : container.path("Env")) {
            String text = variable.asText();
            int equals = text.indexOf('=');
            got.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
        }
        TreeSet<String> names = new TreeSet<>(wanted.keySet());
        names.addAll(got.keySet());
        for (String name : names) {
            // Someone may have set it to a secret by hand, so no value is shown.
            if (!Objects.equals(wanted.get(name), got.get(name))) {
                lines.add("variable " + PrintableText.oneLine(name) + ": expected "
                        + (wanted.containsKey(name) ? "that of the manifest, got " : "none, got ")
                        + (got.containsKey(name) ? "another" : "none"));
            }
        }
        return lines;
    }

    private static void compare(List<String> lines, String what, String wanted, String got) {
        if (!Objects.equals(wanted, got)) {
            lines.add(PrintableText.oneLine(
                    what + ": expected " + wanted + ", got " + (got.isEmpty() ? "nothing" : got)));
        }
    }
}
