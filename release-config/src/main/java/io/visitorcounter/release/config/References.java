package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.config.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The references that lead to no key of the files: a variable for a secret, if it is asked for plainly, else a fault. */
final class References {

    private static final Pattern ORIGIN_LINE = Pattern.compile(": [0-9].*$");
    private static final Pattern CIRCLE = Pattern.compile("cycle of substitutions involving (.*)$");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??([^}]*)}");

    private static final Pattern BRACKET = Pattern.compile("[{\\[]");
    private static final String UNJOINABLE = "a text and an object or a list can't be joined";

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

    /** What is wrong where references can't be resolved at all. */
    static ConfigFault unresolvable(ConfigException broken, List<Statement> history, Places places) {
        String file = broken.origin() == null
                ? ""
                : ORIGIN_LINE.matcher(broken.origin().description()).replaceFirst("");
        int line = broken.origin() == null ? 0 : Math.max(0, broken.origin().lineNumber());
        Optional<Statement> blamed = places.at(file, line);
        KeyPath subject = blamed.map(Statement::path).orElse(KeyPath.ROOT);
        Matcher circle = CIRCLE.matcher(String.valueOf(broken.getMessage()));
        if (!circle.find()) {
            // The library blames the text, but what joins it to an object is the reference to it.
            return history.stream()
                    .filter(statement -> statement.references().stream()
                            .anyMatch(reference -> reference.name().equals(subject.toString())))
                    .filter(statement -> BRACKET.matcher(
                                    REFERENCE.matcher(statement.text()).replaceAll(""))
                            .find())
                    .findFirst()
                    .or(() -> blamed)
                    .map(joint -> places.fault(joint.file(), joint.line(), joint.path(), UNJOINABLE))
                    .orElseGet(() -> places.fault(file, line, subject, UNJOINABLE));
        }
        String names = REFERENCE.matcher(circle.group(1)).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
        return places.fault(file, line, subject, "refers to itself: " + names.replace(", ", " → "));
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
            return List.of("expected no optional reference, got ${?" + reference.name()
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
