package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a rollout's state from a Deployment, its ReplicaSets and its pods, from one call's list. */
final class KubernetesLook {

    private static final String REVISION = "deployment.kubernetes.io/revision";

    private KubernetesLook() {}

    /** {@return the state}
     *
     *  @param items what the API server listed */
    static Look of(JsonNode items, Rollout rollout) {
        JsonNode deployment = deployment(items, rollout);
        if (deployment.isMissingNode()) {
            return Look.nothing();
        }
        // Until the controller has seen the spec, its status is about the previous one.
        boolean observed = deployment.at("/status/observedGeneration").asLong(-1)
                >= deployment.at("/metadata/generation").asLong();
        String current = observed ? current(items, deployment) : "";
        String container = container(rollout);
        int ready = 0;
        int others = 0;
        int restarts = 0;
        List<JsonNode> own = new ArrayList<>();
        SortedMap<Digest, Integer> digests = new TreeMap<>();
        for (JsonNode pod : items) {
            if (!isRunning(pod)) {
                continue;
            }
            Optional<Digest> image = image(status(pod, container));
            image.ifPresent(digest -> digests.merge(digest, 1, Integer::sum));
            boolean ending = pod.path("metadata").has("deletionTimestamp");
            boolean other = image.isPresent() && !image.get().equals(rollout.image());
            if (ending || other || !owner(pod).equals(current)) {
                others++;
                continue;
            }
            own.add(pod);
            restarts += status(pod, container).path("restartCount").asInt();
            if (image.isPresent() && isTrue(pod, "Ready")) {
                ready++;
            }
        }
        int wanted = deployment.at("/spec/replicas").asInt(1);
        return new Look(
                fence(deployment),
                observed && isSettled(deployment, wanted),
                wanted,
                ready,
                others,
                restarts,
                digests,
                observed ? KubernetesDoom.of(deployment, own, container) : Optional.empty());
    }

    /** {@return the names of the rollout's own pods that are ready}
     *
     *  @param items what the API server listed */
    static List<String> ready(JsonNode items, Rollout rollout) {
        String current = current(items, deployment(items, rollout));
        return items.valueStream()
                .filter(pod -> isRunning(pod)
                        && owner(pod).equals(current)
                        && !pod.path("metadata").has("deletionTimestamp")
                        && isTrue(pod, "Ready"))
                .map(pod -> pod.at("/metadata/name").asText())
                .toList();
    }

    /** {@return the rollout's Deployment; a missing node if there is none} */
    static JsonNode deployment(JsonNode items, Rollout rollout) {
        return KubernetesDoom.first(items, item -> KubernetesEngine.isDeployment(item, rollout));
    }

    /** {@return the fence} Not the resource version, which changes with the status; the generation changes only with
     *  the spec. */
    static Fence fence(JsonNode deployment) {
        if (deployment.isMissingNode()) {
            return Fence.none();
        }
        JsonNode metadata = deployment.path("metadata");
        String number = metadata.path("annotations").path(ManifestFile.NUMBER).asText();
        return Fence.of(
                number,
                metadata.path("uid").asText() + "/"
                        + metadata.path("generation").asText());
    }

    private static boolean isSettled(JsonNode deployment, int wanted) {
        JsonNode status = deployment.path("status");
        return status.path("replicas").asInt() == wanted
                && status.path("updatedReplicas").asInt() == wanted
                && status.path("availableReplicas").asInt() == wanted
                && KubernetesDoom.condition(deployment, "Progressing")
                        .path("reason")
                        .asText()
                        .equals("NewReplicaSetAvailable");
    }

    /** The ReplicaSet of the Deployment's own revision, by its name. */
    private static String current(JsonNode items, JsonNode deployment) {
        String uid = deployment.at("/metadata/uid").asText();
        String revision = deployment.at("/metadata/annotations").path(REVISION).asText();
        return KubernetesDoom.first(
                        items,
                        item -> item.path("kind").asText().equals("ReplicaSet")
                                && item.at("/metadata/ownerReferences/0/uid")
                                        .asText()
                                        .equals(uid)
                                && item.at("/metadata/annotations")
                                        .path(REVISION)
                                        .asText()
                                        .equals(revision))
                .at("/metadata/name")
                .asText();
    }

    private static String owner(JsonNode pod) {
        return pod.at("/metadata/ownerReferences/0/name").asText("-");
    }

    /** Whether it is a pod that has a process, or is about to: an evicted pod stays in the list for long. */
    private static boolean isRunning(JsonNode item) {
        String phase = item.at("/status/phase").asText();
        return item.path("kind").asText().equals("Pod") && !phase.equals("Failed") && !phase.equals("Succeeded");
    }

    /** The name of the rollout's own container: the cluster's webhooks may add others to a pod. */
    private static String container(Rollout rollout) {
        return KubernetesEngine.deployment(ManifestFile.of(rollout), rollout)
                .at("/spec/template/spec/containers/0/name")
                .asText();
    }

    /** The status of the container of that name, or of the only one, whatever it is called. */
    private static JsonNode status(JsonNode pod, String container) {
        JsonNode statuses = pod.at("/status/containerStatuses");
        return statuses.size() == 1
                ? statuses.path(0)
                : KubernetesDoom.first(
                        statuses, status -> status.path("name").asText().equals(container));
    }

    /** The image that its node runs; a name without a digest means an image from no registry. */
    private static Optional<Digest> image(JsonNode status) {
        String id = status.path("imageID").asText();
        int at = id.lastIndexOf("sha256:");
        return at < 0 ? Optional.empty() : Digest.read(id.substring(at));
    }

    private static boolean isTrue(JsonNode of, String type) {
        return KubernetesDoom.condition(of, type).path("status").asText().equals("True");
    }
}
