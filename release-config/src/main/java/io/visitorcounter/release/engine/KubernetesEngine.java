package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kubernetes through {@code kubectl}: server-side apply as the field manager {@code release}, so the cluster itself knows
 *  which fields are ours, and refuses to take another's. */
record KubernetesEngine(DeployTarget target, boolean adopt, EngineClient kubectl) implements Engine {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TRIES = 5;
    // Objects with data, and objects that serve, are never deleted as a side effect.
    private static final Set<String> KEPT = Set.of("PersistentVolumeClaim", "Deployment");

    // The first version with policy/v1, which has disruption budgets.
    private static final int FIRST_WITH_BUDGETS = 21;
    private static final Pattern NOT_TO_ASK =
            Pattern.compile("Forbidden|NotFound|could not find the requested resource");

    KubernetesEngine(DeployTarget target, boolean adopt, Map<String, String> variables) {
        this(target, adopt, new EngineClient("kubectl", options(target), variables));
    }

    private static List<String> options(DeployTarget target) {
        List<String> always = new ArrayList<>();
        target.context().ifPresent(context -> always.add("--context=" + context));
        always.add("--namespace=" + target.space());
        always.add("--request-timeout=15s");
        return always;
    }

    @Override
    public Forecast forecast(Rollout rollout) {
        ManifestFile file = stamped(rollout);
        List<String> checked = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        SortedMap<String, String> versions = new KubernetesSecrets(target, kubectl).check(file, checked, notes);
        EngineClient.Answer dry = serverSide("apply", file.list(), forcing("--dry-run=server"));
        if (!dry.isFine()) {
            throw new KubernetesComplaint(dry).exception(kubectl, target);
        }
        // Neither applying nor backing out would start anything.
        if (KubernetesDoom.isPaused(KubernetesLook.deployment(seen(rollout), rollout))) {
            throw new ReleaseException.Refused(target.where() + ": " + rollout.workload()
                    + ": expected a Deployment that is not paused; " + KubernetesDoom.resume(rollout.workload()));
        }
        checked.add("dry run of " + file.documents().size() + " documents");
        return new Forecast(checked, difference(file.list(), notes), versions, notes);
    }

    @Override
    public Look look(Rollout rollout) {
        return KubernetesLook.of(seen(rollout), rollout);
    }

    @Override
    public void apply(Rollout rollout, Optional<Rollout> before, Fence seen) {
        ManifestFile file = stamped(rollout);
        change(rollout, file, seen, forcing());
        // A workload with another name keeps running: that name may still be in use.
        before.filter(old -> old.workload().equals(rollout.workload()))
                .ifPresent(old -> deleteLacking(ManifestFile.of(old), file));
    }

    @Override
    public void remove(Rollout rollout, Fence seen) {
        if (KubernetesLook.deployment(seen(rollout), rollout).isMissingNode()) {
            return;
        }
        ObjectNode none = deployment(stamped(rollout), rollout);
        // Not by kubectl scale, which would own the field from then on. Forced: nothing may run, whoever changed other
        // fields.
        none.withObject("/spec").put("replicas", 0);
        change(rollout, new ManifestFile(List.of(none)), seen, "--force-conflicts");
    }

    @Override
    public List<String> logs(Rollout rollout, String task, int lines) {
        for (String which : List.of("--previous=true", "--previous=false")) {
            EngineClient.Answer answer = kubectl.call("", LIMIT, "logs", task, "--tail=" + lines, which);
            if (answer.isFine() && !answer.out().isBlank()) {
                return answer.out().lines().map(PrintableText::oneLine).toList();
            }
        }
        return List.of();
    }

    @Override
    public List<String> drift(Rollout rollout) {
        String list = stamped(rollout).list();
        EngineClient.Answer dry = serverSide("apply", list, "--dry-run=server");
        if (!dry.isFine()) {
            List<String> owned = new KubernetesComplaint(dry).conflicts();
            if (owned.isEmpty()) {
                throw kubectl.unreachable(new String[] {"apply"}, dry);
            }
            return owned;
        }
        List<String> notes = new ArrayList<>();
        List<String> lines = difference(list, notes);
        if (!notes.isEmpty()) {
            throw new ReleaseException.Unreachable(notes.get(0));
        }
        return lines;
    }

    @Override
    public SortedMap<String, String> secrets(Rollout rollout) {
        return new KubernetesSecrets(target, kubectl).versions(ManifestFile.of(rollout));
    }

    @Override
    public String version() {
        String[] arguments = {"version", "--output=json"};
        EngineClient.Answer answer = kubectl.call("", LIMIT, arguments);
        JsonNode json = answer.isFine() ? kubectl.json("version", answer.out()) : CanonicalJson.object();
        JsonNode server = json.path("serverVersion");
        if (!server.isObject()) {
            throw kubectl.unreachable(arguments, answer);
        }
        // Some clouds report 27+.
        String minor = server.path("minor").asText().replaceAll("[^0-9].*", "");
        boolean old = server.path("major").asText().equals("1")
                && !minor.isEmpty()
                && Integer.parseInt(minor) < FIRST_WITH_BUDGETS;
        return "kubectl " + json.at("/clientVersion/gitVersion").asText("?") + ", Kubernetes "
                + server.path("gitVersion").asText("?") + (old ? "; " + KubernetesComplaint.OLD : "");
    }

    @Override
    public Optional<SortedMap<String, String>> ask(Rollout rollout, String path) {
        JsonNode port = deployment(ManifestFile.of(rollout), rollout)
                .at("/spec/template/spec/containers/0/ports/0/containerPort");
        SortedMap<String, String> said = new TreeMap<>();
        for (String pod : port.isInt() ? KubernetesLook.ready(seen(rollout), rollout) : List.<String>of()) {
            EngineClient.Answer answer = kubectl.call(
                    "",
                    LIMIT,
                    "get",
                    "--raw",
                    "/api/v1/namespaces/" + target.space() + "/pods/" + pod + ":" + port.asInt() + "/proxy/" + path);
            if (!answer.isFine() && NOT_TO_ASK.matcher(answer.err()).find()) {
                return Optional.empty();
            }
            said.put(pod, answer.isFine() ? answer.out() : answer.complaint());
        }
        return said.isEmpty() ? Optional.empty() : Optional.of(said);
    }

    /** Applies only over the state that was seen: the request names the resource version at which the object still
     *  matched it. Status updates change that version too, so if only the status changed, it looks again. */
    private void change(Rollout rollout, ManifestFile file, Fence seen, String... more) {
        for (int i = 0; i < TRIES; i++) {
            JsonNode there = KubernetesLook.deployment(seen(rollout), rollout);
            if (!KubernetesLook.fence(there).equals(seen)) {
                throw new ReleaseException.Contention(
                        target.where() + ": " + rollout.workload() + " was changed by another meanwhile");
            }
            if (!there.isMissingNode()) {
                deployment(file, rollout)
                        .withObject("/metadata")
                        .put(
                                "resourceVersion",
                                there.at("/metadata/resourceVersion").asText());
            }
            EngineClient.Answer answer = serverSide("apply", file.list(), more);
            if (answer.isFine()) {
                return;
            }
            String complaint = answer.complaint();
            if (!complaint.contains("the object has been modified")) {
                throw new KubernetesComplaint(answer).exception(kubectl, target);
            }
        }
        throw new ReleaseException.Contention(
                target.where() + ": " + rollout.workload() + ": expected it to rest for a moment, it keeps changing");
    }

    private void deleteLacking(ManifestFile before, ManifestFile now) {
        Set<String> names = now.documents().stream().map(KubernetesEngine::name).collect(Collectors.toSet());
        for (ObjectNode old : before.documents()) {
            if (!names.contains(name(old)) && !KEPT.contains(old.path("kind").asText())) {
                kubectl.must(LIMIT, "delete", name(old), "--ignore-not-found", "--wait=false");
            }
        }
    }

    private static String name(ObjectNode document) {
        return document.path("kind").asText() + "/"
                + document.at("/metadata/name").asText();
    }

    private ManifestFile stamped(Rollout rollout) {
        ManifestFile file = ManifestFile.of(rollout);
        // On the Deployment and not on its pods, which would restart just for the number.
        deployment(file, rollout)
                .withObject("/metadata/annotations")
                .put(ManifestFile.NUMBER, Integer.toString(rollout.number()));
        return file;
    }

    /** {@return the document of the rollout's Deployment} */
    static ObjectNode deployment(ManifestFile file, Rollout rollout) {
        return file.one(rollout, document -> isDeployment(document, rollout));
    }

    /** {@return whether an object is the rollout's Deployment} */
    static boolean isDeployment(JsonNode object, Rollout rollout) {
        return object.path("kind").asText().equals("Deployment")
                && object.at("/metadata/name").asText().equals(rollout.workload());
    }

    private JsonNode seen(Rollout rollout) {
        JsonNode labels = deployment(ManifestFile.of(rollout), rollout).at("/spec/selector/matchLabels");
        String selector = labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        String out =
                kubectl.must(LIMIT, "get", "deployments,replicasets,pods", "--selector=" + selector, "--output=json");
        return kubectl.json("get", out).path("items");
    }

    private EngineClient.Answer serverSide(String verb, String list, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(verb, "--server-side", "--field-manager=release", "--filename=-"));
        arguments.addAll(Arrays.asList(more));
        return kubectl.call(list, LIMIT, arguments.toArray(String[]::new));
    }

    /** {@return the options, with the one that takes over others' fields if requested} */
    private String[] forcing(String... more) {
        return Stream.concat(Arrays.stream(more), adopt ? Stream.of("--force-conflicts") : Stream.empty())
                .toArray(String[]::new);
    }

    private List<String> difference(String list, List<String> notes) {
        EngineClient.Answer answer = serverSide("diff", list, forcing());
        if (answer.exit() > 1) {
            notes.add("kubectl diff: " + answer.complaint());
            return List.of();
        }
        // The files' names contain a temporary folder.
        return answer.out()
                .lines()
                .filter(line -> line.matches("(?s)[-+ ].*") && !line.startsWith("+++") && !line.startsWith("---"))
                .filter(line -> !line.matches("[-+]? *(generation|time|resourceVersion|uid): .*"))
                .filter(line -> !line.startsWith(" "))
                .map(PrintableText::oneLine)
                .toList();
    }
}
