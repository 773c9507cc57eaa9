package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Docker Swarm through {@code docker}. Its own words for success are not believed: {@code stack deploy} ends with 0 after
 *  a rollback too, so the tasks are looked at. */
record SwarmEngine(DeployTarget target, EngineClient docker) implements Engine {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration DEPLOY_LIMIT = Duration.ofSeconds(60);

    SwarmEngine(DeployTarget target, Map<String, String> variables) {
        this(
                target,
                new EngineClient(
                        "docker",
                        target.context()
                                .map(context -> List.of("--context", context))
                                .orElse(List.of()),
                        variables));
    }

    @Override
    public Forecast forecast(Rollout rollout) {
        List<String> checked = new ArrayList<>();
        String manager = docker.must(LIMIT, "info", "--format", "{{.Swarm.ControlAvailable}}")
                .strip();
        if (!manager.equals("true")) {
            throw new ReleaseException.Refused(target.where()
                    + ": expected a manager of a Swarm, got another engine; docker swarm init makes one");
        }
        ObjectNode file = file(rollout);
        for (JsonNode network : file.path("networks")) {
            String name = network.path("name").asText();
            if (network.path("external").asBoolean() && id("network", name).isEmpty()) {
                throw new ReleaseException.Refused(target.where() + ": network " + name
                        + ": expected it, got none; docker network create --driver overlay --attachable " + name);
            }
            checked.add("network " + name);
        }
        SortedMap<String, String> secrets = new TreeMap<>();
        for (JsonNode secret : file.path("secrets")) {
            String name = secret.path("name").asText();
            secrets.put(
                    name,
                    id("secret", name)
                            .orElseThrow(() -> new ReleaseException.Refused(target.where() + ": secret " + name
                                    + ": expected it, got none; docker secret create " + name + " FILE")));
            checked.add("secret " + name);
        }
        JsonNode there = service(rollout);
        return new Forecast(
                checked,
                there.isMissingNode()
                        ? List.of("+ service " + name(rollout))
                        : SwarmDrift.of(there, service(file, rollout), rollout.number()),
                secrets,
                List.of());
    }

    @Override
    public Look look(Rollout rollout) {
        JsonNode service = service(rollout);
        return service.isMissingNode() ? Look.nothing() : SwarmLook.of(service, tasks(rollout), rollout);
    }

    @Override
    public void apply(Rollout rollout, Optional<Rollout> before, Fence seen) {
        hold(rollout, seen);
        ObjectNode file = file(rollout);
        service(file, rollout)
                .withObject("/deploy/labels")
                .put(ManifestFile.NUMBER, Integer.toString(rollout.number()));
        String[] arguments = {
            "stack", "deploy", "--resolve-image", "never", "--with-registry-auth", "--compose-file", "-", target.space()
        };
        EngineClient.Answer answer = docker.call(CanonicalJson.text(file), DEPLOY_LIMIT, arguments);
        if (answer.isFine()) {
            return;
        }
        // Between stack deploy's read and its write, Swarm itself guards the version.
        if (answer.err().contains("update out of sequence") || answer.err().contains("name conflicts")) {
            throw new ReleaseException.Contention(
                    target.where() + ": " + name(rollout) + " was changed by another meanwhile");
        }
        if (answer.err().contains("declared as external") || answer.err().contains("InvalidArgument")) {
            throw new ReleaseException.Refused(target.where() + ": " + answer.complaint());
        }
        throw docker.unreachable(arguments, answer);
    }

    @Override
    public void remove(Rollout rollout, Fence seen) {
        if (!service(rollout).isMissingNode()) {
            hold(rollout, seen);
            docker.must(LIMIT, "service", "rm", name(rollout));
        }
    }

    @Override
    public List<String> logs(Rollout rollout, String task, int lines) {
        // Of the task, not of the service: that would ask every node, and one may be down.
        EngineClient.Answer answer =
                docker.call("", LIMIT, "service", "logs", "--raw", "--tail", Integer.toString(lines), task);
        return answer.isFine()
                ? (answer.out() + answer.err())
                        .lines()
                        .map(PrintableText::oneLine)
                        .toList()
                : List.of();
    }

    @Override
    public List<String> drift(Rollout rollout) {
        JsonNode there = service(rollout);
        return there.isMissingNode()
                ? List.of("service " + name(rollout) + ": expected it, got none")
                : SwarmDrift.of(there, service(file(rollout), rollout), rollout.number());
    }

    @Override
    public SortedMap<String, String> secrets(Rollout rollout) {
        SortedMap<String, String> versions = new TreeMap<>();
        for (JsonNode secret : file(rollout).path("secrets")) {
            String name = secret.path("name").asText();
            id("secret", name).ifPresent(id -> versions.put(name, id));
        }
        return versions;
    }

    @Override
    public String version() {
        String[] words = docker.must(LIMIT, "version", "--format", "{{.Client.Version}} {{.Server.Version}}")
                .strip()
                .split(" ", 2);
        return "docker " + words[0] + ", engine " + (words.length == 2 ? words[1] : "?");
    }

    /** Swarm does not forward requests to tasks, and its network is not reachable from this machine. */
    @Override
    public Optional<SortedMap<String, String>> ask(Rollout rollout, String path) {
        return Optional.empty();
    }

    private void hold(Rollout rollout, Fence seen) {
        JsonNode there = service(rollout);
        if (!fence(there).equals(seen)) {
            throw new ReleaseException.Contention(
                    target.where() + ": " + name(rollout) + " was changed by another meanwhile");
        }
    }

    /** {@return the fence} Not the version, which changes with each update of a task; the spec only when someone
     *  changes it. */
    static Fence fence(JsonNode service) {
        if (service.isMissingNode()) {
            return Fence.none();
        }
        JsonNode spec = service.path("Spec");
        String number = spec.path("Labels").path(ManifestFile.NUMBER).asText();
        return Fence.of(
                number,
                service.path("ID").asText() + "/"
                        + Digest.of(CanonicalJson.compact(spec)).shortText());
    }

    /** {@return its service; a missing node if there is none} */
    private JsonNode service(Rollout rollout) {
        String[] arguments = {"service", "inspect", name(rollout)};
        EngineClient.Answer answer = docker.call("", LIMIT, arguments);
        if (!answer.isFine() && answer.err().contains("no such service")) {
            return MissingNode.getInstance();
        }
        if (!answer.isFine()) {
            throw docker.unreachable(arguments, answer);
        }
        return docker.json("inspect", answer.out()).path(0);
    }

    private JsonNode tasks(Rollout rollout) {
        List<String> ids = docker.must(LIMIT, "service", "ps", "--no-trunc", "--quiet", name(rollout))
                .lines()
                .toList();
        if (ids.isEmpty()) {
            return CanonicalJson.object();
        }
        List<String> arguments = new ArrayList<>(List.of("inspect", "--type", "task"));
        arguments.addAll(ids);
        // One that is gone meanwhile is left out of the answer, and makes the call fail.
        return docker.json(
                "inspect",
                docker.call("", LIMIT, arguments.toArray(String[]::new)).out());
    }

    private Optional<String> id(String kind, String name) {
        String[] arguments = {kind, "inspect", "--format", "{{.ID}}", name};
        EngineClient.Answer answer = docker.call("", LIMIT, arguments);
        if (answer.isFine()) {
            return Optional.of(answer.out().strip());
        }
        if (answer.err().toLowerCase(Locale.ROOT).matches("(?s).*(no such|not found).*")) {
            return Optional.empty();
        }
        throw docker.unreachable(arguments, answer);
    }

    private String name(Rollout rollout) {
        return target.space() + "_" + rollout.workload();
    }

    private static ObjectNode file(Rollout rollout) {
        return ManifestFile.of(rollout).one(rollout, document -> document.has("services"));
    }

    private static ObjectNode service(ObjectNode file, Rollout rollout) {
        return file.withObject("/services").withObject("/" + rollout.workload());
    }
}
