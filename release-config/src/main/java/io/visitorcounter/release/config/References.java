package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.config.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The references that lead to no key of the files: a variable for a secret, if it is asked for plainly, else a fault. */
final class References {

    private References() {}

    static List<ConfigFault> broken(List<Statement> history, Set<String> unknown, Places places) {
        List<String> keys = history.stream()
                .map(statement -> statement.path().toString())
                .distinct()
                .toList();
        List<KeyPath> missing = unknown.stream().map(KeyPath::parse).toList();
        List<ConfigFault> faults = new ArrayList<>();
        for (Statement statement : history) {
            for (Substitution reference : statement.references()) {
                if (missing.stream().anyMatch(path -> isAbout(path, reference))) {
                    fault(reference, keys)
                            .forEach(text -> faults.add(
                                    places.fault(statement.file(), reference.line(), statement.path(), text)));
                }
            }
        }
        return faults;
    }

    /** The names, as the library gives them, that are no plain reference to a variable. */
    static Set<String> brokenNames(List<Statement> history, Set<String> unknown) {
        List<Substitution> broken = history.stream()
                .flatMap(statement -> statement.references().stream())
                .filter(reference -> reference.optional() || !Resolved.isVariable(reference.name()))
                .toList();
        return unknown.stream()
                .filter(name -> broken.stream().anyMatch(reference -> isAbout(KeyPath.parse(name), reference)))
                .collect(Collectors.toSet());
    }

    private static List<String> fault(Substitution reference, List<String> keys) {
        if (reference.optional()) {
            return List.of("expected ${" + reference.name() + "}, got the optional ${?" + reference.name()
                    + "}; a release is complete, whatever is set where it runs");
        } else if (!Resolved.isVariable(reference.name())) {
            return List.of("${" + reference.name() + "}: no such key"
                    + Nearest.to(reference.name(), keys)
                            .map(near -> "; did you mean ${" + near + "}?")
                            .orElse(""));
        }
        return List.of();
    }

    // In a file that is included at a key, the library puts that key before the name.
    private static boolean isAbout(KeyPath unknown, Substitution reference) {
        try {
            KeyPath named = KeyPath.parse(reference.name());
            int extra = unknown.elements().size() - named.elements().size();
            return extra >= 0 && unknown.from(extra).equals(named);
        } catch (ConfigException broken) {
            return false;
        }
    }
}
