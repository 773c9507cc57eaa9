package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.MixedValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.Resolved;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The references that resolve to no key of the files: a plain one is a variable for a secret, any other a fault. */
final class References {

    private static final Pattern ORIGIN_LINE = Pattern.compile(": [0-9].*$");
    private static final Pattern CIRCLE = Pattern.compile("cycle of substitutions involving (.*)$");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??([^}]*)}");
    private static final Pattern BRACKET = Pattern.compile("[{\\[]");
    static final String UNJOINABLE = "a text and an object or a list can't be joined";

    // Comparing every name with every key would take longer than reading the files.
    private static final int MAX_HINTS = 20;

    private final SourceMap sources;
    private final Set<KeyPath> unknown;
    private final Set<KeyPath> broken;

    /** The references of all statements.
     *
     *  @param unknown the names that no key has, from the library */
    References(SourceMap sources, Set<String> unknown) {
        this.sources = sources;
        this.unknown = unknown.stream().map(KeyPath::parse).collect(Collectors.toSet());
        this.broken = sources.history().stream()
                .flatMap(statement -> statement.references().stream())
                .filter(this::isFault)
                .map(References::asked)
                .collect(Collectors.toSet());
    }

    /** What is wrong with them, at their places. */
    List<ConfigFault> faults() {
        List<String> keys = sources.keys().stream().map(KeyPath::toString).toList();
        List<ConfigFault> faults = new ArrayList<>();
        for (Statement statement : sources.history()) {
            statement.references().stream().filter(this::isFault).forEach(reference -> {
                String text = fault(reference, faults.size() < MAX_HINTS ? keys : List.of());
                faults.add(sources.fault(statement.file(), reference.line(), statement.path(), text));
            });
        }
        return faults;
    }

    /** Whether a value comes from a faulty reference, as opposed to a plain one to a variable.
     *
     *  @param source the statement that gave the value, if any */
    boolean isBroken(ConfigNode node, Optional<Statement> source) {
        if (node instanceof ListValue items) {
            return items.nodes().stream().anyMatch(item -> isBroken(item, source));
        }
        String name = node instanceof Reference reference
                ? reference.name()
                : node instanceof MixedValue mixed ? mixed.name() : "";
        if (name.isEmpty()) {
            return false;
        }
        KeyPath path = KeyPath.parse(name);
        return broken.contains(path)
                && source.stream()
                        .flatMap(statement -> statement.references().stream())
                        .noneMatch(reference ->
                                isPlain(reference) && asked(reference).equals(path));
    }

    /** The fault if references can't be resolved at all. */
    static ConfigFault unresolvable(ConfigException broken, SourceMap sources) {
        Optional<Statement> blamed = blamed(broken, sources);
        Matcher circle = CIRCLE.matcher(String.valueOf(broken.getMessage()));
        if (circle.find()) {
            String names =
                    REFERENCE.matcher(circle.group(1)).replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
            return sources.fault(blamed, "refers to itself: " + names.replace(", ", " → "));
        }
        // The library blames the text, but the cause is the reference that joins it to an object.
        Optional<Statement> joint = blamed.flatMap(text -> sources.history().stream()
                .filter(statement -> statement.references().stream()
                        .anyMatch(reference -> reference.targets().contains(text.path())))
                .filter(statement -> BRACKET.matcher(
                                REFERENCE.matcher(statement.text()).replaceAll(""))
                        .find())
                .findFirst());
        return sources.fault(joint.or(() -> blamed), UNJOINABLE);
    }

    /** The key of a cycle of references; empty if the fault is not a cycle. */
    static Optional<KeyPath> circle(ConfigException broken, SourceMap sources) {
        return CIRCLE.matcher(String.valueOf(broken.getMessage())).find()
                ? blamed(broken, sources).map(Statement::path)
                : Optional.empty();
    }

    // The statement that the library blames; empty if it blames none.
    private static Optional<Statement> blamed(ConfigException broken, SourceMap sources) {
        return Optional.ofNullable(broken.origin())
                .flatMap(origin ->
                        sources.at(ORIGIN_LINE.matcher(origin.description()).replaceFirst(""), origin.lineNumber()));
    }

    private static String fault(Substitution reference, List<String> keys) {
        if (reference.optional()) {
            return "expected no optional reference, got ${?" + reference.name()
                    + "}; a release must not depend on what is set where it runs";
        }
        String variable = reference.name().toUpperCase(Locale.ROOT);
        if (Resolved.isVariable(variable)) {
            return "${" + reference.name() + "} is not set in these files; a variable is in upper case: ${" + variable
                    + "}";
        }
        return "${" + reference.name() + "} is not set in these files"
                + Nearest.hint(reference.name(), keys, near -> "${" + near + "}")
                + LookalikeLetters.note(reference.name());
    }

    private boolean isFault(Substitution reference) {
        return !isPlain(reference) && unknown.contains(asked(reference));
    }

    // The name that the library uses for a reference to no key.
    private static KeyPath asked(Substitution reference) {
        return reference.targets().get(0);
    }

    private static boolean isPlain(Substitution reference) {
        return !reference.optional() && Resolved.isVariable(reference.name());
    }
}
