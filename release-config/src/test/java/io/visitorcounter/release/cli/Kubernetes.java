package io.visitorcounter.release.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads manifests as the API server of Kubernetes does where it validates strictly: into the classes that its own schema
 *  was made into, refusing every field that they have not, and every value of another type. */
final class Kubernetes {

    private final Map<String, HasMetadata> documents;

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 PersistentVolumeClaim", PersistentVolumeClaim.class,
            "apps/v1 Deployment", Deployment.class,
            "v1 Service", Service.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .annotationIntrospector(new NothingElse())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Kubernetes(Map<String, HasMetadata> documents) {
        this.documents = documents;
    }

    /** {@return what these documents say, of each kind at most one} */
    static Kubernetes read(String yaml) {
        Map<String, HasMetadata> documents = new LinkedHashMap<>();
        try (MappingIterator<JsonNode> parts = YAML.readerFor(JsonNode.class).readValues(yaml)) {
            while (parts.hasNext()) {
                JsonNode part = parts.next();
                String kind = part.path("kind").asString();
                Class<? extends HasMetadata> type =
                        KINDS.get(part.path("apiVersion").asString() + " " + kind);
                if (type == null) {
                    throw new AssertionError("no such kind: " + part);
                }
                HasMetadata document = YAML.treeToValue(part, type);
                JsonNode again = YAML.readTree(YAML.writeValueAsString(document));
                if (!again.equals(part)) {
                    throw new AssertionError("expected " + part + ", which Kubernetes reads as " + again);
                }
                documents.put(kind, document);
            }
        }
        return new Kubernetes(documents);
    }

    /** {@return the kinds, in their order} */
    List<String> kinds() {
        return List.copyOf(documents.keySet());
    }

    /** {@return the document of this kind} */
    <T extends HasMetadata> T the(Class<T> kind) {
        return kind.cast(Objects.requireNonNull(documents.get(kind.getSimpleName()), kind.getSimpleName()));
    }

    @Override
    public String toString() {
        return YAML.writeValueAsString(documents);
    }

    /** The classes put what they do not know into a map, unless they are kept from it. */
    private static final class NothingElse extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated member) {
            return false;
        }
    }
}
