package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A workload for Kubernetes: a Deployment, and its other objects. Each environment has a namespace. */
record KubernetesManifest(Workload workload, Manifest.Scale scale) {

    // Kubernetes tells the process to end at the same time as it removes it from the load balancers.
    private static final int MIN_DRAIN_SECONDS = 5;

    private KubernetesPod pod() {
        return new KubernetesPod(workload, scale);
    }

    /** {@return the documents, in the order in which they are applied} */
    List<ObjectNode> documents() {
        List<ObjectNode> documents = new ArrayList<>();
        scale.storage().ifPresent(size -> workload.volumes().forEach(folder -> documents.add(claim(folder, size))));
        documents.add(deployment());
        workload.port().ifPresent(port -> documents.add(service()));
        if (scale.isMany()) {
            documents.add(disruptionBudget());
        }
        return documents;
    }

    /** {@return warnings: valid, but probably a mistake} */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (scale.storage().isEmpty() && workload.keepsData()) {
            workload.volumes()
                    .forEach(folder -> warnings.add(
                            folder + " begins empty in every pod and ends with it; --storage 1Gi keeps what is in it"));
        }
        if (workload.port().isPresent()) {
            if (workload.livePath().isEmpty() || workload.readyPath().isEmpty()) {
                warnings.add("the image declares no "
                        + (workload.readyPath().isPresent() ? "liveness" : "readiness")
                        + " probe, so it gets none; name its path with "
                        + (workload.readyPath().isPresent() ? "--live-path" : "--ready-path"));
            }
            workload.drain()
                    .filter(delay -> delay.toSeconds() < MIN_DRAIN_SECONDS)
                    .ifPresent(delay -> warnings.add("the drain delay is under " + MIN_DRAIN_SECONDS
                            + " s: requests may still come to a pod that has ended"));
        }
        if (workload.user().isEmpty()) {
            warnings.add("the image names no user by number, or root: its pods may run as root");
        }
        return warnings;
    }

    private ObjectNode deployment() {
        SortedMap<String, Object> annotations = new TreeMap<>(workload.labels());
        // kubectl rollout history shows it.
        annotations.put("kubernetes.io/change-cause", workload.id().toString());
        Map<String, Object> metadata = new TreeMap<>(named(workload.name()));
        metadata.put("annotations", annotations);
        Map<String, Object> template =
                Map.of("metadata", Map.of("labels", labels(), "annotations", workload.labels()), "spec", pod().spec());
        Map<String, Object> spec = new TreeMap<>();
        // If the field is left out, an autoscaler owns it.
        scale.replicas().ifPresent(replicas -> spec.put("replicas", replicas));
        spec.put("minReadySeconds", scale.soak().toSeconds());
        spec.put("progressDeadlineSeconds", scale.timeout().toSeconds());
        spec.put("selector", pod().selector());
        spec.put("strategy", strategy());
        spec.put("template", template);
        return document("apps/v1", "Deployment", metadata, spec);
    }

    private Map<String, Object> strategy() {
        // Two pods can't have the volume at once.
        return pod().isKept()
                ? Map.of("type", "Recreate")
                : Map.of("type", "RollingUpdate", "rollingUpdate", Map.of("maxUnavailable", 0, "maxSurge", 1));
    }

    private ObjectNode claim(String folder, String size) {
        return document(
                "v1",
                "PersistentVolumeClaim",
                named(pod().claimName(folder)),
                Map.of(
                        "accessModes", List.of("ReadWriteOnce"),
                        "resources", Map.of("requests", Map.of("storage", size))));
    }

    private ObjectNode service() {
        Map<String, Object> port =
                Map.of("name", KubernetesPod.PORT, "port", 80, "protocol", "TCP", "targetPort", KubernetesPod.PORT);
        return document(
                "v1",
                "Service",
                named(workload.name()),
                Map.of("type", "ClusterIP", "selector", pod().labels(), "ports", List.of(port)));
    }

    private ObjectNode disruptionBudget() {
        return document(
                "policy/v1",
                "PodDisruptionBudget",
                named(workload.name()),
                Map.of("maxUnavailable", 1, "selector", pod().selector()));
    }

    private static ObjectNode document(
            String apiVersion, String kind, Map<String, Object> metadata, Map<String, Object> spec) {
        return Yaml.document(Map.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata, "spec", spec));
    }

    private Map<String, Object> named(String name) {
        return Map.of("name", name, "labels", labels());
    }

    private Map<String, String> labels() {
        SortedMap<String, String> labels = pod().labels();
        labels.put("app.kubernetes.io/version", "v" + workload.id().version());
        labels.put("app.kubernetes.io/managed-by", "release");
        return labels;
    }
}
