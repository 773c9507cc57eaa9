package io.visitorcounter.release.engine;

import io.visitorcounter.release.ReleaseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The secrets that a manifest names, in a namespace of Kubernetes: whether they exist with every key, and the version
 *  of each. Their values are never requested. */
record KubernetesSecrets(DeployTarget target, EngineClient kubectl) {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    // The names of a secret's keys and its version, but no value.
    private static final String KEYS = "{{.metadata.resourceVersion}}{{range $key, $value := .data}} {{$key}}{{end}}";

    /** {@return the version of each that can be read}
     *
     *  @param checked receives those that were found
     *  @param notes receives those that can't be read, and why
     *  @throws ReleaseException.Refused if a secret or one of its keys is missing */
    SortedMap<String, String> check(ManifestFile file, List<String> checked, List<String> notes) {
        SortedMap<String, String> versions = new TreeMap<>();
        wanted(file).forEach((name, keys) -> {
            EngineClient.Answer answer = ask(name);
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

    /** {@return the version of each that exists and can be read} */
    SortedMap<String, String> versions(ManifestFile file) {
        SortedMap<String, String> versions = new TreeMap<>();
        wanted(file).keySet().forEach(name -> {
            EngineClient.Answer answer = ask(name);
            if (answer.isFine()) {
                versions.put(name, answer.out().strip().split(" ", -1)[0]);
            }
        });
        return versions;
    }

    private EngineClient.Answer ask(String name) {
        return kubectl.call("", LIMIT, "get", "secret", name, "--output=go-template=" + KEYS);
    }

    private static SortedMap<String, Set<String>> wanted(ManifestFile file) {
        SortedMap<String, Set<String>> wanted = new TreeMap<>();
        for (var ref : file.all("secretKeyRef")) {
            wanted.computeIfAbsent(ref.path("name").asText(), name -> new TreeSet<>())
                    .add(ref.path("key").asText());
        }
        return wanted;
    }
}
