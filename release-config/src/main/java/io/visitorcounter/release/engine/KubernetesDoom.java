package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.visitorcounter.release.PrintableText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Why pods of a rollout will not come up, long before its deadline. What only needs time is not doom: a node that an
 *  autoscaler is about to add, a volume on its way, a process that its node could not start (exit 128). */
final class KubernetesDoom {

    private static final Pattern NO_SUCH_IMAGE =
            Pattern.compile("not found|manifest unknown|unknown blob|denied|unauthorized");
    private static final Set<String> PULLS = Set.of("ErrImagePull", "ImagePullBackOff");
    private static final Set<String> IMPOSSIBLE = Set.of("InvalidImageName", "ErrImageNeverPull");
    // What an app of this project ends with where it can't obey its config: no further try changes that.
    private static final int INVALID_CONFIG = 4;
    private static final int NODES_FAULT = 128;
    private static final int MIN_RESTARTS = 2;

    private KubernetesDoom() {}

    static Optional<Doom> of(JsonNode deployment, List<JsonNode> pods) {
        for (JsonNode pod : pods) {
            Optional<Doom> doom = of(pod);
            if (doom.isPresent()) {
                return doom;
            }
        }
        String name = deployment.path("metadata").path("name").asText();
        JsonNode failure = condition(deployment, "ReplicaFailure");
        if (failure.path("status").asText().equals("True")) {
            return Optional.of(doom(name, failure, true));
        }
        JsonNode progress = condition(deployment, "Progressing");
        // One of an earlier rollout can still be there for a moment, so it counts only if it stays.
        return progress.path("reason").asText().equals("ProgressDeadlineExceeded")
                ? Optional.of(doom(name, progress, false))
                : Optional.empty();
    }

    private static Optional<Doom> of(JsonNode pod) {
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            String name = pod.path("metadata").path("name").asText();
            JsonNode waiting = container.path("state").path("waiting");
            String reason = waiting.path("reason").asText();
            JsonNode ended = ended(container);
            int exit = ended.path("exitCode").asInt();
            if (exit == INVALID_CONFIG) {
                return Optional.of(new Doom(name, (reason.isEmpty() ? "Error" : reason) + ", exit " + exit, true));
            }
            if (reason.equals("CrashLoopBackOff") && exit != NODES_FAULT) {
                boolean certain = container.path("restartCount").asInt() >= MIN_RESTARTS;
                String cause = ended.path("reason").asText();
                String why = cause.equals("OOMKilled") ? " (OOMKilled)" : "";
                return Optional.of(new Doom(name, reason + ", exit " + exit + why, certain));
            }
            boolean pull = PULLS.contains(reason);
            if (pull || IMPOSSIBLE.contains(reason)) {
                boolean certain = !pull
                        || NO_SUCH_IMAGE
                                .matcher(waiting.path("message").asText())
                                .find();
                return Optional.of(doom(name, waiting, certain));
            }
            if (reason.equals("CreateContainerConfigError")) {
                // The kubelet's own cache of secrets is behind for a moment.
                return Optional.of(
                        doom(name, waiting, !waiting.path("message").asText().contains("failed to sync")));
            }
            if (reason.equals("CreateContainerError") || reason.equals("RunContainerError")) {
                return Optional.of(doom(name, waiting, false));
            }
        }
        return Optional.empty();
    }

    private static JsonNode ended(JsonNode container) {
        JsonNode now = container.path("state").path("terminated");
        return now.isObject() ? now : container.path("lastState").path("terminated");
    }

    private static Doom doom(String task, JsonNode why, boolean certain) {
        return new Doom(
                task,
                PrintableText.oneLine(
                        why.path("reason").asText() + ": " + why.path("message").asText()),
                certain);
    }

    /** {@return a condition of an object; a missing node if it has none of this type} */
    static JsonNode condition(JsonNode of, String type) {
        for (JsonNode condition : of.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }
}
