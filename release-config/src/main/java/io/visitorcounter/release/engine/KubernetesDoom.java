package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.visitorcounter.release.PrintableText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Detects that pods of a rollout will not become ready, long before its deadline. What only needs time does not count:
 *  a node that an autoscaler is about to add, a volume that is being attached, a process that its node could not start
 *  (exit 128). */
final class KubernetesDoom {

    private static final Pattern NO_SUCH_IMAGE =
            Pattern.compile("not found|manifest unknown|unknown blob|denied|unauthorized");
    private static final Set<String> PULLS = Set.of("ErrImagePull", "ImagePullBackOff");
    private static final Set<String> IMPOSSIBLE = Set.of("InvalidImageName", "ErrImageNeverPull");
    // The exit code of this project's apps for an invalid config: a retry does not help.
    private static final int INVALID_CONFIG = 4;
    private static final int NODES_FAULT = 128;
    private static final int MIN_RESTARTS = 2;

    private KubernetesDoom() {}

    /** {@return the first reason found}
     *
     *  @param deployment the one that makes the pods
     *  @param pods of its newest revision
     *  @param own the name of the release's container; the cluster's webhooks may add others */
    static Optional<Doom> of(JsonNode deployment, List<JsonNode> pods, String own) {
        for (JsonNode pod : pods) {
            for (String kind : List.of("initContainerStatuses", "containerStatuses")) {
                for (JsonNode container : pod.path("status").path(kind)) {
                    Optional<Doom> doom = of(pod.at("/metadata/name").asText(), container, own);
                    if (doom.isPresent()) {
                        return doom;
                    }
                }
            }
        }
        String name = deployment.at("/metadata/name").asText();
        JsonNode failure = condition(deployment, "ReplicaFailure");
        if (failure.path("status").asText().equals("True")) {
            return Optional.of(doom(name, failure, true));
        }
        if (isPaused(deployment)) {
            // It may be resumed at any moment.
            return Optional.of(doom(name, "DeploymentPaused: it makes no pods; " + resume(name), false));
        }
        JsonNode progress = condition(deployment, "Progressing");
        // The condition of an earlier rollout may still be there for a moment, so it counts only if it stays.
        return progress.path("reason").asText().equals("ProgressDeadlineExceeded")
                ? Optional.of(doom(name, progress, false))
                : Optional.empty();
    }

    private static Optional<Doom> of(String pod, JsonNode container, String own) {
        JsonNode waiting = container.at("/state/waiting");
        String reason = waiting.path("reason").asText();
        String message = reason + ": " + waiting.path("message").asText();
        JsonNode ended = ended(container);
        int exit = ended.path("exitCode").asInt();
        String name = container.path("name").asText(own);
        String which = name.equals(own) ? "" : " (container " + name + ")";
        if (exit == INVALID_CONFIG && name.equals(own)) {
            return Optional.of(doom(pod, (reason.isEmpty() ? "Error" : reason) + ", exit " + exit, true));
        }
        if (reason.equals("CrashLoopBackOff") && exit != NODES_FAULT) {
            boolean certain = container.path("restartCount").asInt() >= MIN_RESTARTS;
            String why = ended.path("reason").asText().equals("OOMKilled") ? " (OOMKilled)" : "";
            return Optional.of(doom(pod, reason + ", exit " + exit + why + which, certain));
        }
        boolean pull = PULLS.contains(reason);
        if (pull || IMPOSSIBLE.contains(reason)) {
            boolean certain = !pull
                    || NO_SUCH_IMAGE.matcher(waiting.path("message").asText()).find();
            return Optional.of(doom(pod, message + which, certain));
        }
        if (reason.equals("CreateContainerConfigError")) {
            // The kubelet's cache of secrets may be stale for a moment.
            return Optional.of(doom(pod, message + which, !message.contains("failed to sync")));
        }
        return reason.equals("CreateContainerError") || reason.equals("RunContainerError")
                ? Optional.of(doom(pod, message + which, false))
                : Optional.empty();
    }

    /** {@return whether the Deployment is paused} */
    static boolean isPaused(JsonNode deployment) {
        return deployment.at("/spec/paused").asBoolean();
    }

    /** {@return the command that resumes it} */
    static String resume(String deployment) {
        return "kubectl rollout resume deployment/" + deployment + " lets it go on";
    }

    private static JsonNode ended(JsonNode container) {
        JsonNode now = container.at("/state/terminated");
        return now.isObject() ? now : container.at("/lastState/terminated");
    }

    private static Doom doom(String task, JsonNode why, boolean certain) {
        return doom(
                task, why.path("reason").asText() + ": " + why.path("message").asText(), certain);
    }

    private static Doom doom(String task, String reason, boolean certain) {
        return new Doom(task, PrintableText.oneLine(reason), certain);
    }

    /** {@return a condition of an object; a missing node if it has none of this type} */
    static JsonNode condition(JsonNode of, String type) {
        return first(
                of.at("/status/conditions"),
                condition -> condition.path("type").asText().equals(type));
    }

    /** {@return the first of these values that matches; a missing node if none does} */
    static JsonNode first(JsonNode values, Predicate<JsonNode> which) {
        return values.valueStream().filter(which).findFirst().orElse(MissingNode.getInstance());
    }
}
