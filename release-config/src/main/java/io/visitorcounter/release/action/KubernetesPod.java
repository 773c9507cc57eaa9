package io.visitorcounter.release.action;

import io.visitorcounter.release.image.AppNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One process of a workload in Kubernetes: its locked-down container, with its probes and volumes. A test checks every
 *  field against Kubernetes' own schema. */
record KubernetesPod(Workload workload, Manifest.Scale scale) {

    /** The name of its port, for its probes and a Service. */
    static final String PORT = "http";

    private static final String SCRATCH_VOLUME = "tmp";
    private static final String SCRATCH_SIZE = "64Mi";

    /** {@return the labels that select it} A Deployment's selector can't be changed: so another environment's workload
     *  is refused there, and does not replace it. */
    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("app.kubernetes.io/name", workload.name());
        labels.put("app.kubernetes.io/instance", workload.id().environment().name());
        return labels;
    }

    /** {@return its selector} */
    Map<String, Object> selector() {
        return Map.of("matchLabels", labels());
    }

    /** {@return whether the data in its volumes outlives it} */
    boolean isKept() {
        return scale.storage().isPresent() && !workload.volumes().isEmpty();
    }

    /** {@return the claim that it mounts there, if it is kept} */
    String claimName(String folder) {
        return workload.name() + "-" + AppNames.volume(folder);
    }

    Map<String, Object> spec() {
        Map<String, Object> spec = new TreeMap<>();
        // Nothing from the platform: no token, and no variables for the services of the namespace.
        spec.put("automountServiceAccountToken", false);
        spec.put("enableServiceLinks", false);
        spec.put("terminationGracePeriodSeconds", workload.graceSeconds());
        spec.put("securityContext", podSecurity());
        spec.put("containers", List.of(container()));
        if (!volumes().isEmpty()) {
            spec.put("volumes", volumes());
        }
        if (scale.isMany()) {
            spec.put("topologySpreadConstraints", List.of(overNodes()));
        }
        return spec;
    }

    private Map<String, Object> podSecurity() {
        Map<String, Object> security = new TreeMap<>();
        security.put("seccompProfile", Map.of("type", "RuntimeDefault"));
        workload.user().ifPresent(user -> {
            security.put("runAsNonRoot", true);
            security.put("runAsUser", user.user());
            user.group().ifPresent(group -> security.put("runAsGroup", group));
            // So that it can write to its volumes.
            security.put("fsGroup", user.group().orElse(user.user()));
            security.put("fsGroupChangePolicy", "OnRootMismatch");
        });
        return security;
    }

    private Map<String, Object> overNodes() {
        return Map.of(
                "maxSkew",
                1,
                "topologyKey",
                "kubernetes.io/hostname",
                "whenUnsatisfiable",
                "ScheduleAnyway",
                "labelSelector",
                selector());
    }

    private Map<String, Object> container() {
        Map<String, Object> container = new TreeMap<>();
        container.put("name", workload.name());
        container.put("image", workload.image());
        container.put("env", env());
        container.put("resources", resources());
        container.put("securityContext", containerSecurity());
        if (!mounts().isEmpty()) {
            container.put("volumeMounts", mounts());
        }
        workload.port().ifPresent(port -> {
            container.put("ports", List.of(Map.of("name", PORT, "containerPort", port, "protocol", "TCP")));
            workload.livePath().ifPresent(path -> {
                container.put("startupProbe", probe(path, 1, 2, 120));
                // On an overloaded node it answers slowly, but serves: killing it would make that worse.
                container.put("livenessProbe", probe(path, 10, 10, 3));
            });
            workload.readyPath().ifPresent(path -> container.put("readinessProbe", probe(path, 2, 2, 2)));
        });
        return container;
    }

    private List<Map<String, Object>> env() {
        List<Map<String, Object>> env = new ArrayList<>();
        env.add(variable("RELEASE", workload.id().toString()));
        workload.env().forEach((name, value) -> env.add(variable(name, value)));
        workload.secrets().forEach(name -> env.add(secret(name)));
        return env;
    }

    /** Kubernetes reads {@code $(NAME)} as a variable, and turns two dollars into one. */
    private static Map<String, Object> variable(String name, String value) {
        return Map.of("name", name, "value", value.replace("$", "$$"));
    }

    private Map<String, Object> secret(String name) {
        return Map.of("name", name, "valueFrom", Map.of("secretKeyRef", Map.of("name", workload.name(), "key", name)));
    }

    private static Map<String, Object> probe(String path, int seconds, int timeout, int failures) {
        return Map.of(
                "httpGet", Map.of("path", path, "port", PORT),
                "periodSeconds", seconds,
                "timeoutSeconds", timeout,
                "failureThreshold", failures);
    }

    private Map<String, Object> resources() {
        String memory = scale.memory() + "Mi";
        // No CPU limit: it would slow the start and every burst, even on an idle node.
        return Map.of("requests", Map.of("cpu", "100m", "memory", memory), "limits", Map.of("memory", memory));
    }

    private static Map<String, Object> containerSecurity() {
        return Map.of(
                "allowPrivilegeEscalation", false,
                "readOnlyRootFilesystem", true,
                "capabilities", Map.of("drop", List.of("ALL")));
    }

    private List<Map<String, Object>> mounts() {
        List<Map<String, Object>> mounts = new ArrayList<>();
        if (hasScratch()) {
            mounts.add(Map.of("name", SCRATCH_VOLUME, "mountPath", Workload.SCRATCH));
        }
        workload.volumes().forEach(folder -> mounts.add(Map.of("name", volumeName(folder), "mountPath", folder)));
        return mounts;
    }

    private List<Map<String, Object>> volumes() {
        List<Map<String, Object>> volumes = new ArrayList<>();
        if (hasScratch()) {
            volumes.add(Map.of("name", SCRATCH_VOLUME, "emptyDir", Map.of("sizeLimit", SCRATCH_SIZE)));
        }
        workload.volumes().forEach(folder -> volumes.add(volume(folder)));
        return volumes;
    }

    private Map<String, Object> volume(String folder) {
        return isKept()
                ? Map.of("name", volumeName(folder), "persistentVolumeClaim", Map.of("claimName", claimName(folder)))
                : Map.of("name", volumeName(folder), "emptyDir", Map.of());
    }

    private boolean hasScratch() {
        return !workload.volumes().contains(Workload.SCRATCH);
    }

    private static String volumeName(String folder) {
        return "data-" + AppNames.volume(folder);
    }
}
