package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Manifests, read back: of each kind at most one. */
record Kubernetes(Map<String, HasMetadata> documents) {

    // The schema's classes would keep a field that Kubernetes does not know; here it is an error.
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Kubernetes read(String yaml) {
        Map<String, HasMetadata> documents = new LinkedHashMap<>();
        try (MappingIterator<HasMetadata> parts =
                YAML.readerFor(HasMetadata.class).readValues(yaml)) {
            parts.forEachRemaining(document -> documents.put(document.getKind(), document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    PodSpec pod() {
        return the(Deployment.class).getSpec().getTemplate().getSpec();
    }

    Container container() {
        if (pod().getContainers().size() != 1) {
            throw new AssertionError("expected one container, got " + pod().getContainers());
        }
        return pod().getContainers().get(0);
    }
}
