package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The documents of a rollout's manifest.
 *
 *  @param documents in the manifest's order; a copy that may be changed */
record ManifestFile(List<ObjectNode> documents) {

    /** The key under which an engine keeps the number of the deployment that it runs. */
    static final String NUMBER = "io.visitorcounter.deployment";

    static ManifestFile of(Rollout rollout) {
        List<ObjectNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> parts =
                new YAMLMapper().readerFor(JsonNode.class).readValues(rollout.manifest())) {
            while (parts.hasNext()) {
                if (!(parts.next() instanceof ObjectNode document)) {
                    throw broken(rollout, "expected documents, got another value");
                }
                documents.add(document);
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof ReleaseException known) {
                throw known;
            }
            throw broken(rollout, "expected YAML");
        }
        return new ManifestFile(documents);
    }

    private static ReleaseException broken(Rollout rollout, String what) {
        return new ReleaseException.VerificationFailed(rollout.workload() + ": manifest: " + what);
    }

    /** {@return the one document that matches}
     *
     *  @param which must match exactly one */
    ObjectNode one(Rollout rollout, Predicate<ObjectNode> which) {
        return documents.stream()
                .filter(which)
                .findFirst()
                .orElseThrow(() -> broken(rollout, "expected one for the workload, got none"));
    }

    /** {@return every value of a field, wherever it is} */
    List<JsonNode> all(String field) {
        List<JsonNode> found = new ArrayList<>();
        documents.forEach(document -> found.addAll(document.findValues(field)));
        return found;
    }

    /** {@return all as one list of Kubernetes, in JSON} */
    String list() {
        ObjectNode list = CanonicalJson.object().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items").addAll(documents);
        return CanonicalJson.text(list);
    }
}
