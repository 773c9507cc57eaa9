package io.visitorcounter.release.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import java.util.ArrayList;
import java.util.List;

/** A workload for Kubernetes: a Deployment, and what goes with it. One environment, one namespace. */
final class KubernetesManifest {

    private static final String SCRATCH_VOLUME = "tmp";
    private static final String SCRATCH_SIZE = "64Mi";

    // Kubernetes tells the process to end and the load balancers to leave it out at the same time.
    private static final int LEAST_DRAIN_SECONDS = 5;

    private final Workload workload;
    private final Manifest.Scale scale;

    KubernetesManifest(Workload workload, Manifest.Scale scale) {
        this.workload = workload;
        this.scale = scale;
    }

    /** {@return the documents, in the order in which they are applied} */
    List<ObjectNode> documents() {
        List<ObjectNode> documents = new ArrayList<>();
        scale.storage().ifPresent(size -> workload.volumes().forEach(folder -> documents.add(claim(folder, size))));
        documents.add(deployment());
        workload.port().ifPresent(port -> documents.add(service()));
        if (scale.replicas() > 1) {
            documents.add(disruptionBudget());
        }
        return documents;
    }

    /** {@return what works but is hardly meant} */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (scale.storage().isEmpty()) {
            workload.volumes()
                    .forEach(folder -> warnings.add(
                            folder + " begins empty in every pod and ends with it; --storage 1Gi keeps what is in it"));
        }
        if (workload.port().isPresent() && workload.drain().toSeconds() < LEAST_DRAIN_SECONDS) {
            warnings.add("http.drain-delay is under " + LEAST_DRAIN_SECONDS
                    + " s: requests may still come to a pod that has ended");
        }
        if (workload.user().isEmpty()) {
            warnings.add("the image names no user by number, or root: its pods may run as root");
        }
        return warnings;
    }

    private ObjectNode deployment() {
        ObjectNode deployment = document("apps/v1", "Deployment", workload.name());
        ObjectNode notes = ((ObjectNode) deployment.path("metadata")).putObject("annotations");
        // kubectl rollout history shows it.
        notes.put("kubernetes.io/change-cause", workload.id().toString());
        workload.labels().forEach(notes::put);
        ObjectNode spec = deployment.putObject("spec").put("replicas", scale.replicas());
        selector(spec.putObject("selector").putObject("matchLabels"));
        ObjectNode strategy = spec.putObject("strategy");
        if (isKept()) {
            // Two pods would not have the volume at once.
            strategy.put("type", "Recreate");
        } else {
            strategy.put("type", "RollingUpdate")
                    .putObject("rollingUpdate")
                    .put("maxUnavailable", 0)
                    .put("maxSurge", 1);
        }
        ObjectNode template = spec.putObject("template");
        ObjectNode metadata = template.putObject("metadata");
        labels(metadata);
        ObjectNode digests = metadata.putObject("annotations");
        workload.labels().forEach(digests::put);
        pod(template.putObject("spec"));
        return deployment;
    }

    private void pod(ObjectNode pod) {
        // Nothing from the platform's surroundings: no token, no variable for every service of the namespace.
        pod.put("automountServiceAccountToken", false).put("enableServiceLinks", false);
        pod.put("terminationGracePeriodSeconds", workload.graceSeconds());
        ObjectNode security = pod.putObject("securityContext");
        workload.user().ifPresent(user -> {
            security.put("runAsNonRoot", true).put("runAsUser", user.user());
            user.group().ifPresent(group -> security.put("runAsGroup", group));
            // The volumes are its own to write.
            security.put("fsGroup", user.group().orElse(user.user())).put("fsGroupChangePolicy", "OnRootMismatch");
        });
        security.putObject("seccompProfile").put("type", "RuntimeDefault");
        if (scale.replicas() > 1) {
            ObjectNode spread = pod.putArray("topologySpreadConstraints").addObject();
            spread.put("maxSkew", 1)
                    .put("topologyKey", "kubernetes.io/hostname")
                    .put("whenUnsatisfiable", "ScheduleAnyway");
            selector(spread.putObject("labelSelector").putObject("matchLabels"));
        }
        container(pod.putArray("containers").addObject());
        volumes(pod.putArray("volumes"));
    }

    private void container(ObjectNode container) {
        container.put("name", workload.name()).put("image", workload.image());
        env(container.putArray("env"));
        workload.port().ifPresent(port -> {
            container
                    .putArray("ports")
                    .addObject()
                    .put("name", "http")
                    .put("containerPort", port)
                    .put("protocol", "TCP");
            probe(container.putObject("startupProbe"), "/health/live", 1, 120);
            probe(container.putObject("livenessProbe"), "/health/live", 10, 3);
            probe(container.putObject("readinessProbe"), "/health/ready", 2, 2);
        });
        ObjectNode resources = container.putObject("resources");
        String memory = scale.memory() + "Mi";
        resources.putObject("requests").put("cpu", "100m").put("memory", memory);
        // No limit of the processor: it would slow a start and every burst, even where the node is idle.
        resources.putObject("limits").put("memory", memory);
        ObjectNode security = container
                .putObject("securityContext")
                .put("allowPrivilegeEscalation", false)
                .put("readOnlyRootFilesystem", true);
        security.putObject("capabilities").putArray("drop").add("ALL");
        ArrayNode mounts = container.putArray("volumeMounts");
        if (hasScratch()) {
            mounts.addObject().put("name", SCRATCH_VOLUME).put("mountPath", Workload.SCRATCH);
        }
        workload.volumes()
                .forEach(
                        folder -> mounts.addObject().put("name", volume(folder)).put("mountPath", folder));
    }

    private void env(ArrayNode env) {
        env.addObject().put("name", "RELEASE").put("value", workload.id().toString());
        workload.env()
                .forEach((variable, value) ->
                        // Kubernetes reads $(NAME) as a variable.
                        env.addObject().put("name", variable).put("value", value.replace("$(", "$$(")));
        for (String variable : workload.secrets()) {
            env.addObject()
                    .put("name", variable)
                    .putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", workload.name())
                    .put("key", variable);
        }
    }

    private static void probe(ObjectNode probe, String path, int seconds, int failures) {
        probe.putObject("httpGet").put("path", path).put("port", "http");
        probe.put("periodSeconds", seconds).put("timeoutSeconds", 2).put("failureThreshold", failures);
    }

    private void volumes(ArrayNode volumes) {
        if (hasScratch()) {
            volumes.addObject()
                    .put("name", SCRATCH_VOLUME)
                    .putObject("emptyDir")
                    .put("sizeLimit", SCRATCH_SIZE);
        }
        for (String folder : workload.volumes()) {
            ObjectNode volume = volumes.addObject().put("name", volume(folder));
            if (isKept()) {
                volume.putObject("persistentVolumeClaim").put("claimName", claimName(folder));
            } else {
                volume.putObject("emptyDir");
            }
        }
    }

    private ObjectNode claim(String folder, String size) {
        ObjectNode claim = document("v1", "PersistentVolumeClaim", claimName(folder));
        ObjectNode spec = claim.putObject("spec");
        spec.putArray("accessModes").add("ReadWriteOnce");
        spec.putObject("resources").putObject("requests").put("storage", size);
        return claim;
    }

    private ObjectNode service() {
        ObjectNode service = document("v1", "Service", workload.name());
        ObjectNode spec = service.putObject("spec").put("type", "ClusterIP");
        selector(spec.putObject("selector"));
        spec.putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 80)
                .put("protocol", "TCP")
                .put("targetPort", "http");
        return service;
    }

    private ObjectNode disruptionBudget() {
        ObjectNode budget = document("policy/v1", "PodDisruptionBudget", workload.name());
        ObjectNode spec = budget.putObject("spec").put("maxUnavailable", 1);
        selector(spec.putObject("selector").putObject("matchLabels"));
        return budget;
    }

    private ObjectNode document(String apiVersion, String kind, String name) {
        ObjectNode document =
                CanonicalJson.object().put("apiVersion", apiVersion).put("kind", kind);
        labels(document.putObject("metadata").put("name", name));
        return document;
    }

    private void labels(ObjectNode metadata) {
        ObjectNode labels = metadata.putObject("labels");
        selector(labels);
        labels.put("app.kubernetes.io/version", "v" + workload.id().version())
                .put("app.kubernetes.io/managed-by", "release");
    }

    /** A Deployment's selector can't be changed: another environment's is refused there, rather than put in its place. */
    private void selector(ObjectNode labels) {
        labels.put("app.kubernetes.io/name", workload.name())
                .put("app.kubernetes.io/instance", workload.id().environment().name());
    }

    private boolean isKept() {
        return scale.storage().isPresent() && !workload.volumes().isEmpty();
    }

    private boolean hasScratch() {
        return !workload.volumes().contains(Workload.SCRATCH);
    }

    private static String volume(String folder) {
        return "data-" + Workload.volumeName(folder);
    }

    private String claimName(String folder) {
        return workload.name() + "-" + Workload.volumeName(folder);
    }
}
