package io.visitorcounter.release.config;

import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.config.Schema.KeyType;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.FractionValue;
import io.visitorcounter.release.hocon.ConfigNode.IntegerValue;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.MixedValue;
import io.visitorcounter.release.hocon.ConfigNode.NullValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Nearest;
import io.visitorcounter.release.hocon.SafeText;
import io.visitorcounter.release.hocon.WrittenDuration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks values against a schema and collects what is wrong. */
final class Validator {

    /** What is wrong with the value at a path; {@code blamed} has the keys that could be to blame, most likely
     *  first. */
    record Violation(KeyPath path, String text, List<KeyPath> blamed) {}

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern FLAG = Pattern.compile("true|false");
    private static final String ONLY_SECRETS = "; only secrets come from variables, and this key is not a secret";

    private final List<Violation> violations = new ArrayList<>();
    private final Collection<KeyPath> known;

    /** A validator that can suggest only keys of the schema at hand. */
    Validator() {
        this(List.of());
    }

    /** A validator that can suggest these keys if their last word is used in the wrong place. */
    Validator(Collection<KeyPath> known) {
        this.known = known;
    }

    /** Everything wrong so far. */
    List<Violation> violations() {
        return violations;
    }

    /** Checks one value, and all within it. */
    void check(KeyPath path, Schema schema, ConfigNode node) {
        if (node instanceof Reference && !schema.secret()) {
            report(path, "expected a value, got " + node.shown() + ONLY_SECRETS);
        } else if (node instanceof MixedValue) {
            report(
                    path,
                    "expected a whole value, got " + node.shown()
                            + (schema.secret() ? "; a secret is exactly one reference" : ONLY_SECRETS));
        } else if (schema.secret()) {
            if (!(node instanceof Reference) && !node.equals(new StringValue(""))) {
                report(path, literalAt(schema));
            }
        } else if (schema.type() == KeyType.OBJECT || node instanceof ObjectValue) {
            checkBranch(path, schema, node);
        } else {
            checkScalar(path, schema, node);
        }
    }

    /** Checks a value that no contract covers. Without a contract, a reference to a variable is a secret. */
    void checkOpen(KeyPath path, ConfigNode node, boolean references) {
        if (node instanceof ObjectValue branch) {
            branch.children().forEach((key, child) -> checkOpen(path.child(key), child, references));
        } else if (node instanceof ListValue items) {
            items.nodes().forEach(item -> checkOpen(path, item, references));
        } else if (node instanceof FractionValue) {
            report(path, "expected no fraction, got " + node.shown() + "; put it in quotes");
        } else if (node instanceof NullValue) {
            report(path, "expected a value, got null");
        } else if (node instanceof MixedValue && references) {
            report(path, "expected a whole value, got " + node.shown() + "; a secret is exactly one reference");
        } else if (node instanceof MixedValue || (node instanceof Reference && !references)) {
            report(path, "expected a value, got " + node.shown() + ONLY_SECRETS);
        }
    }

    /** Checks rules across keys: required ones, and those of if and then.
     *
     *  @param complete the object with every default */
    void checkRules(KeyPath path, Schema schema, ObjectValue complete) {
        for (String name : schema.required()) {
            if (!complete.children().containsKey(name)) {
                report(path.child(name), "required, but not set");
            }
        }
        if (schema.condition() != null && schema.consequence() != null && fits(schema.condition(), complete)) {
            Validator validator = new Validator();
            validator.check(path, schema.consequence(), complete);
            validator.checkRules(path, schema.consequence(), complete);
            Set<KeyPath> known = violations.stream().map(Violation::path).collect(Collectors.toSet());
            validator.violations().stream()
                    .filter(violation -> !known.contains(violation.path()))
                    .map(violation -> because(path, schema.condition(), complete, violation))
                    .forEach(violations::add);
        }
        schema.properties().forEach((name, child) -> {
            if (complete.children().get(name) instanceof ObjectValue branch) {
                checkRules(path.child(name), child, branch);
            }
        });
    }

    private static boolean fits(Schema schema, ObjectValue complete) {
        Validator validator = new Validator();
        validator.check(KeyPath.ROOT, schema, complete);
        validator.checkRules(KeyPath.ROOT, schema, complete);
        return validator.violations().isEmpty();
    }

    private static Violation because(KeyPath path, Schema condition, ObjectValue complete, Violation violation) {
        List<KeyPath> blamed = new ArrayList<>(violation.blamed());
        List<String> reasons = new ArrayList<>();
        condition.properties().forEach((name, child) -> {
            ConfigNode value = complete.children().get(name);
            if (value != null) {
                blamed.add(path.child(name));
                reasons.add(path.child(name) + " is " + Schema.plain(value));
            }
        });
        String why = reasons.isEmpty() ? "" : ", since " + String.join(" and ", reasons);
        return new Violation(violation.path(), violation.text() + why, blamed);
    }

    /** What is wrong with any literal at a secret, without showing it. */
    static String literalAt(Schema schema) {
        String variable = schema.env() == null ? "A_VARIABLE" : schema.env();
        return "expected a reference, got a literal; write ${" + variable + "} and set that variable where it runs";
    }

    private void checkBranch(KeyPath path, Schema schema, ConfigNode node) {
        if (schema.type() != null && schema.type() != KeyType.OBJECT) {
            report(path, "expected " + noun(schema) + ", got an object");
            return;
        }
        if (!(node instanceof ObjectValue branch)) {
            report(path, "expected an object, got " + node.shown());
            return;
        }
        branch.children().forEach((key, child) -> {
            Schema known = schema.properties().get(key);
            if (known != null) {
                check(path.child(key), known, child);
            } else if (schema.closed()) {
                report(path.child(key), "no such key" + nearest(path, schema, key));
            } else {
                checkOpen(path.child(key), child, false);
            }
        });
    }

    private String nearest(KeyPath path, Schema schema, String key) {
        return Nearest.to(key, schema.properties().keySet())
                        .map(near -> path.child(near).toString())
                        .or(() -> known.stream()
                                .filter(other -> other.last().equals(key)
                                        || other.toString().equals(key))
                                .map(KeyPath::toString)
                                .findFirst())
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("")
                + LookalikeLetters.note(key);
    }

    private void checkScalar(KeyPath path, Schema schema, ConfigNode node) {
        if (node instanceof NullValue) {
            report(path, "expected " + noun(schema) + ", got null");
        } else if (schema.type() != null && !schema.type().accepts(node)) {
            report(path, "expected " + noun(schema) + ", got " + shown(node) + hint(schema, node));
        } else if (!schema.allowed().isEmpty() && !schema.allowed().contains(node)) {
            List<String> words = schema.allowed().stream().map(Schema::plain).toList();
            report(
                    path,
                    "expected " + schema.range() + ", got " + shown(node)
                            + Nearest.hint(Schema.plain(node), words, near -> near));
        } else if (node instanceof IntegerValue whole && !schema.numbers().contain(whole.value())) {
            report(path, "expected " + schema.range() + ", got " + whole.value());
        } else if (node instanceof StringValue text) {
            checkText(path, schema, text.value());
        }
    }

    private void checkText(KeyPath path, Schema schema, String text) {
        long length = text.codePointCount(0, text.length());
        if (schema.duration()) {
            checkDuration(path, schema, text);
        } else if (!schema.lengths().contain(length)) {
            report(path, "expected " + schema.lengthRange() + ", got " + length);
        } else if (schema.pattern() != null) {
            checkPattern(path, schema.pattern(), text);
        }
    }

    private void checkPattern(KeyPath path, TextPattern pattern, String text) {
        try {
            if (!pattern.isFoundIn(text)) {
                report(path, "expected a match of " + pattern + ", got " + shown(text));
            }
        } catch (TextPattern.TooManyStepsException endless) {
            report(path, "expected a match of " + pattern + ", got a text that is too long for this pattern");
        }
    }

    private void checkDuration(KeyPath path, Schema schema, String text) {
        WrittenDuration span = WrittenDuration.of(text).orElse(null);
        if (span == null) {
            report(path, "expected a duration with a unit, such as 2s, got " + shown(text));
        } else if (!schema.durations().contain(span)) {
            report(path, "expected " + schema.range() + ", got " + span);
        }
    }

    private void report(KeyPath path, String text) {
        violations.add(new Violation(path, text, List.of(path)));
    }

    private static String shown(ConfigNode node) {
        return node instanceof StringValue text ? shown(text.value()) : node.shown();
    }

    private static String shown(String text) {
        return SafeText.quoted(text) + LookalikeLetters.note(text);
    }

    private static String hint(Schema schema, ConfigNode node) {
        KeyType type = schema.duration() ? null : schema.type();
        if (node instanceof StringValue text && type != KeyType.STRING) {
            boolean isNumber =
                    type == KeyType.INTEGER && WHOLE.matcher(text.value()).matches();
            boolean isFlag =
                    type == KeyType.BOOLEAN && FLAG.matcher(text.value()).matches();
            return text.value().endsWith(";")
                    ? "; leave out the semicolon"
                    : isNumber || isFlag ? "; write it without quotes" : "";
        }
        boolean bare = node instanceof IntegerValue
                || node instanceof ConfigNode.BooleanValue
                || node instanceof FractionValue;
        return type == KeyType.STRING && bare ? "; put it in quotes" : "";
    }

    private static String noun(Schema schema) {
        if (schema.duration()) {
            return "a duration with a unit, such as 2s";
        } else if (schema.type() == null) {
            return "a value";
        }
        return switch (schema.type()) {
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BOOLEAN -> "true or false";
            case INTEGER -> schema.range().isEmpty() ? "an integer" : "an integer, " + schema.range();
        };
    }
}
