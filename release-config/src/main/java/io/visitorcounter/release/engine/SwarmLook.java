package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a rollout's state from a service and its tasks, as {@code docker inspect} shows them. */
final class SwarmLook {

    // A task in none of them has a process, or may get one.
    private static final Set<String> ENDED = Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");
    private static final Set<String> FAILED = Set.of("failed", "rejected");

    private SwarmLook() {}

    /** {@return the state}
     *
     *  @param service an existing one
     *  @param tasks all its known tasks, including ended ones */
    static Look of(JsonNode service, JsonNode tasks, Rollout rollout) {
        JsonNode spec = written(service.at("/Spec/TaskTemplate/ContainerSpec"));
        Instant since = since(service);
        int ready = 0;
        int others = 0;
        int restarts = 0;
        SortedMap<Digest, Integer> digests = new TreeMap<>();
        for (JsonNode task : tasks) {
            boolean own = written(task.at("/Spec/ContainerSpec")).equals(spec) && isOf(task, rollout);
            if (ENDED.contains(state(task))) {
                restarts +=
                        own && FAILED.contains(state(task)) && !created(task).isBefore(since) ? 1 : 0;
                continue;
            }
            image(task).ifPresent(digest -> digests.merge(digest, 1, Integer::sum));
            if (!own || !task.path("DesiredState").asText().matches("running|ready")) {
                others++;
            } else if (state(task).equals("running")) {
                ready++;
            }
        }
        String update = service.at("/UpdateStatus/State").asText();
        return new Look(
                SwarmEngine.fence(service),
                update.isEmpty() || update.equals("completed"),
                service.at("/Spec/Mode/Replicated/Replicas").asInt(),
                ready,
                others,
                restarts,
                digests,
                doom(tasks, rollout, update, since));
    }

    /** A spec without empty and false fields: a newer docker shows a service with such fields that an older engine does
     *  not know, but a task as the engine has it. */
    private static JsonNode written(JsonNode spec) {
        if (!spec.isObject()) {
            return spec;
        }
        ObjectNode written = CanonicalJson.object();
        for (Map.Entry<String, JsonNode> field : spec.properties()) {
            JsonNode value = written(field.getValue());
            boolean isEmpty =
                    value.isContainerNode() ? value.isEmpty() : value.isNull() || value.equals(BooleanNode.FALSE);
            if (!isEmpty) {
                written.set(field.getKey(), value);
            }
        }
        return written;
    }

    /** When the service's current or last update began. */
    private static Instant since(JsonNode service) {
        JsonNode update = service.at("/UpdateStatus/StartedAt");
        // A change that replaces no task leaves no update behind.
        return time(update.isTextual() ? update : service.path("UpdatedAt"));
    }

    private static Optional<Doom> doom(JsonNode tasks, Rollout rollout, String update, Instant since) {
        // Failures from before this update belong to an earlier one; without its start time, they can't be told apart.
        Optional<JsonNode> failed = tasks.valueStream()
                .filter(task -> FAILED.contains(state(task)) && isOf(task, rollout))
                .filter(task -> !created(task).isBefore(since))
                .max(Comparator.comparing(SwarmLook::created));
        boolean back = update.startsWith("rollback") || update.equals("paused");
        if (failed.isEmpty()) {
            return back ? Optional.of(new Doom("", "Swarm took it back: " + update, true)) : Optional.empty();
        }
        JsonNode status = failed.get().path("Status");
        int exit = status.at("/ContainerStatus/ExitCode").asInt();
        String reason = state(failed.get()) + (exit == 0 ? "" : ", exit " + exit) + ": "
                + status.path("Err").asText(status.path("Message").asText());
        return Optional.of(new Doom(failed.get().path("ID").asText(), PrintableText.oneLine(reason), true));
    }

    private static boolean isOf(JsonNode task, Rollout rollout) {
        return image(task).filter(rollout.image()::equals).isPresent();
    }

    private static Optional<Digest> image(JsonNode task) {
        String name = task.at("/Spec/ContainerSpec/Image").asText();
        int at = name.lastIndexOf("@sha256:") + 1;
        return at == 0 ? Optional.empty() : Digest.read(name.substring(at));
    }

    private static String state(JsonNode task) {
        return task.at("/Status/State").asText();
    }

    private static Instant created(JsonNode task) {
        return time(task.path("CreatedAt"));
    }

    private static Instant time(JsonNode text) {
        try {
            return Instant.parse(text.asText());
        } catch (DateTimeParseException e) {
            throw new ReleaseException.Unreachable("docker inspect: expected a time, got " + text, e);
        }
    }
}
