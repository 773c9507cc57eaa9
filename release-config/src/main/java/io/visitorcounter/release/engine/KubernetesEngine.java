package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Kubernetes through {@code kubectl}: server-side apply as the field manager {@code release}, so the cluster itself knows
 *  which fields are ours, and refuses to take another's. */
final class KubernetesEngine implements Engine {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TRIES = 5;
    // What keeps data, and what serves, is never deleted by the way.
    private static final Set<String> KEPT = Set.of("PersistentVolumeClaim", "Deployment");
    // The names of a secret's keys and its version, and no value of it.
    private static final String KEYS = "{{.metadata.resourceVersion}}{{range $key, $value := .data}} {{$key}}{{end}}";

    private static final Pattern REFUSAL = Pattern.compile("conflicts?[: ]|is invalid|[Ff]orbidden|admission|BadRequest"
            + "|no matches for kind|unknown field|error validating|strict decoding|failed to create typed patch");
    private static final Pattern CONFLICT = Pattern.compile("conflicts? with \"([^\"]+)\".*?:?( \\.[^ ]+)?$");

    private final DeployTarget target;
    private final EngineClient kubectl;

    KubernetesEngine(DeployTarget target, Map<String, String> variables) {
        this.target = target;
        List<String> always = new ArrayList<>();
        target.context().ifPresent(context -> always.add("--context=" + context));
        always.add("--namespace=" + target.space());
        always.add("--request-timeout=15s");
        this.kubectl = new EngineClient("kubectl", always, variables);
    }

    @Override
    public DeployTarget target() {
        return target;
    }

    @Override
    public Forecast forecast(Rollout rollout) {
        ManifestFile file = stamped(rollout);
        List<String> checked = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        SortedMap<String, String> secrets = secrets(file, checked, notes);
        EngineClient.Answer dry = apply(file.list(), "--dry-run=server");
        if (!dry.isFine()) {
            throw refused(dry);
        }
        checked.add("dry run of " + file.documents().size() + " documents");
        return new Forecast(checked, difference(file.list(), notes), secrets, notes);
    }

    @Override
    public Look look(Rollout rollout) {
        return KubernetesLook.of(seen(rollout), rollout);
    }

    @Override
    public void apply(Rollout rollout, Optional<Rollout> before, Fence seen) {
        ManifestFile file = stamped(rollout);
        change(rollout, file, seen);
        before.ifPresent(old -> deleteLacking(ManifestFile.of(old), file));
    }

    @Override
    public void remove(Rollout rollout, Fence seen) {
        if (KubernetesLook.deployment(seen(rollout), rollout).isMissingNode()) {
            return;
        }
        ObjectNode none = deployment(stamped(rollout), rollout);
        // Not by kubectl scale, which would own the field from then on; whoever changed another field, nothing may run.
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
        EngineClient.Answer dry = apply(list, "--dry-run=server");
        if (!dry.isFine()) {
            List<String> owned = conflicts(dry.err());
            if (owned.isEmpty()) {
                throw kubectl.unreachable(new String[] {"apply"}, dry);
            }
            return owned;
        }
        List<String> notes = new ArrayList<>();
        List<String> lines = difference(list, notes);
        if (!notes.isEmpty()) {
            throw new ReleaseException.Unreachable(notes.get(0), null);
        }
        return lines;
    }

    @Override
    public SortedMap<String, String> secrets(Rollout rollout) {
        SortedMap<String, String> versions = new TreeMap<>();
        wanted(ManifestFile.of(rollout)).keySet().forEach(name -> {
            EngineClient.Answer answer = secret(name);
            if (answer.isFine()) {
                versions.put(name, answer.out().strip().split(" ", -1)[0]);
            }
        });
        return versions;
    }

    /** Applies over what was seen, and over nothing else: the version that the object had when it was found to be the one
     *  that was seen goes along. Its status moves that version too, so it is looked at again where only that moved. */
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
                                there.path("metadata").path("resourceVersion").asText());
            }
            EngineClient.Answer answer = apply(file.list(), more);
            if (answer.isFine()) {
                return;
            }
            String complaint = answer.complaint();
            if (!complaint.contains("the object has been modified")) {
                throw isRefusal(answer) ? refused(answer) : kubectl.unreachable(new String[] {"apply"}, answer);
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
                + document.path("metadata").path("name").asText();
    }

    private ManifestFile stamped(Rollout rollout) {
        ManifestFile file = ManifestFile.of(rollout);
        // Of the Deployment and not of its pods, which would start again for the number alone.
        deployment(file, rollout)
                .withObject("/metadata/annotations")
                .put(ManifestFile.NUMBER, Integer.toString(rollout.number()));
        return file;
    }

    private static ObjectNode deployment(ManifestFile file, Rollout rollout) {
        return file.one(
                rollout,
                document -> document.path("kind").asText().equals("Deployment")
                        && document.path("metadata").path("name").asText().equals(rollout.workload()));
    }

    private JsonNode seen(Rollout rollout) {
        JsonNode labels = deployment(ManifestFile.of(rollout), rollout)
                .path("spec")
                .path("selector")
                .path("matchLabels");
        String selector = labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        String out =
                kubectl.must(LIMIT, "get", "deployments,replicasets,pods", "--selector=" + selector, "--output=json");
        try {
            return CanonicalJson.read(out.getBytes(StandardCharsets.UTF_8)).path("items");
        } catch (IOException e) {
            throw new ReleaseException.Unreachable("kubectl get: expected JSON", e);
        }
    }

    private EngineClient.Answer apply(String list, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("apply", "--server-side", "--field-manager=release", "--filename=-"));
        arguments.addAll(Arrays.asList(more));
        return kubectl.call(list, LIMIT, arguments.toArray(String[]::new));
    }

    private List<String> difference(String list, List<String> notes) {
        EngineClient.Answer answer =
                kubectl.call(list, LIMIT, "diff", "--server-side", "--field-manager=release", "--filename=-");
        if (answer.exit() > 1) {
            notes.add("kubectl diff: " + answer.complaint());
            return List.of();
        }
        // The files' names are those of a temporary folder.
        return answer.out()
                .lines()
                .filter(line -> line.matches("(?s)[-+ ].*") && !line.startsWith("+++") && !line.startsWith("---"))
                .filter(line -> !line.matches("[-+]? *(generation|time|resourceVersion|uid): .*"))
                .filter(line -> !line.startsWith(" "))
                .map(PrintableText::oneLine)
                .toList();
    }

    private SortedMap<String, String> secrets(ManifestFile file, List<String> checked, List<String> notes) {
        SortedMap<String, String> versions = new TreeMap<>();
        wanted(file).forEach((name, keys) -> {
            EngineClient.Answer answer = secret(name);
            if (!answer.isFine()) {
                if (answer.err().contains("NotFound") || answer.err().contains("not found")) {
                    throw new ReleaseException.Refused(target.where() + ": secret " + name + ": expected it with "
                            + String.join(", ", keys) + ", got none; create it with kubectl create secret generic "
                            + name);
                }
                notes.add("secret " + name + ": " + answer.complaint());
                return;
            }
            List<String> words = List.of(answer.out().strip().split(" ", -1));
            Set<String> missing = new TreeSet<>(keys);
            missing.removeAll(words.subList(1, words.size()));
            if (!missing.isEmpty()) {
                throw new ReleaseException.Refused(target.where() + ": secret " + name + ": expected the key "
                        + String.join(", ", missing) + ", got none");
            }
            versions.put(name, words.get(0));
            checked.add("secret " + name + " (" + keys.size() + (keys.size() == 1 ? " key)" : " keys)"));
        });
        return versions;
    }

    private EngineClient.Answer secret(String name) {
        return kubectl.call("", LIMIT, "get", "secret", name, "--output=go-template=" + KEYS);
    }

    private static SortedMap<String, Set<String>> wanted(ManifestFile file) {
        SortedMap<String, Set<String>> wanted = new TreeMap<>();
        file.all("secretKeyRef")
                .forEach(ref -> wanted.computeIfAbsent(ref.path("name").asText(), name -> new TreeSet<>())
                        .add(ref.path("key").asText()));
        return wanted;
    }

    /** Whether the API server, or kubectl for it, judged the documents: what it can't do for another reason it may do later. */
    private static boolean isRefusal(EngineClient.Answer answer) {
        return REFUSAL.matcher(answer.err()).find();
    }

    private ReleaseException refused(EngineClient.Answer answer) {
        if (!isRefusal(answer)) {
            return kubectl.unreachable(new String[] {"apply"}, answer);
        }
        List<String> owned = conflicts(answer.err());
        return new ReleaseException.Refused(target.where() + ": "
                + (owned.isEmpty()
                        ? answer.complaint()
                        : "expected fields that are ours, got " + String.join("; ", owned)
                                + "; undo that change, or let go of the field"));
    }

    /** The owners and fields of kubectl's complaint about conflicts. */
    private static List<String> conflicts(String complaint) {
        List<String> found = new ArrayList<>();
        String owner = "";
        for (String line : complaint.lines().toList()) {
            Matcher named = CONFLICT.matcher(line);
            if (named.find()) {
                owner = named.group(1);
                if (named.group(2) != null) {
                    found.add(owner + " has" + named.group(2));
                }
            } else if (line.startsWith("- .") && !owner.isEmpty()) {
                found.add(owner + " has " + line.substring(2));
            }
        }
        return found.stream().map(PrintableText::oneLine).toList();
    }
}
