package io.visitorcounter.release.config;

import io.visitorcounter.release.config.Schema.KeyType;
import io.visitorcounter.release.config.Validator.Violation;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.BooleanValue;
import io.visitorcounter.release.hocon.ConfigNode.IntegerValue;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.ObjectValue;
import io.visitorcounter.release.hocon.ConfigNode.Reference;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A bundle's config as variables. With a contract: the keys with an {@code env}. Without one: the top-level keys that
 *  are named like a variable, {@code HOST = localhost}. */
final class AppEnv {

    // Set in nearly every process, so that a run would take its value for the secret instead of asking for one.
    private static final Pattern EVERYWHERE = Pattern.compile(
            "PATH|HOME|HOSTNAME|USER|LOGNAME|SHELL|PWD|OLDPWD|SHLVL|TERM|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR"
                    + "|JAVA_HOME|JAVA_TOOL_OPTIONS|CONFIG_FILE|RELEASE|RELEASE_(APP|BUNDLE|CONTRACT)_DIGEST");

    private final SortedMap<String, String> variables = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private AppEnv() {}

    static AppEnv of(Contract contract, ObjectValue config) {
        AppEnv env = new AppEnv();
        env.ownVariables(KeyPath.ROOT, config);
        contract.schema()
                .ifPresentOrElse(
                        schema -> env.declared(
                                KeyPath.ROOT, schema, config, config.children().keySet()),
                        () -> env.named(config));
        return env;
    }

    /** Name to value, without the secrets. */
    SortedMap<String, String> variables() {
        return variables;
    }

    /** The values that no variable can hold. */
    List<Violation> violations() {
        return violations;
    }

    private void ownVariables(KeyPath path, ConfigNode node) {
        if (node instanceof ObjectValue branch) {
            branch.children().forEach((name, child) -> ownVariables(path.child(name), child));
        } else if (node instanceof ListValue items) {
            items.nodes().forEach(item -> ownVariables(path, item));
        } else if (node instanceof Reference reference
                && EVERYWHERE.matcher(reference.variable()).matches()) {
            report(path, "expected a variable of the secret's own, got " + node.shown() + ", which every process has");
        }
    }

    private void declared(KeyPath path, Schema schema, ObjectValue config, Set<String> top) {
        schema.properties().forEach((name, child) -> {
            ConfigNode node = config.children().get(name);
            if (node instanceof Reference reference && top.contains(reference.variable())) {
                // In the bundle, the reference would resolve to that key.
                report(path.child(name), "expected a variable that has no key's name, got " + node.shown());
            } else if (child.type() == KeyType.OBJECT && node instanceof ObjectValue branch) {
                declared(path.child(name), child, branch, top);
            } else if (child.env() != null && !child.secret() && node != null) {
                put(child.env(), path.child(name), node);
            }
        });
    }

    private void named(ObjectValue config) {
        config.children().forEach((name, node) -> {
            KeyPath path = new KeyPath(List.of(name));
            if (!Resolved.isVariable(name)) {
                return;
            }
            if (node instanceof Reference reference) {
                if (!reference.variable().equals(name)) {
                    report(
                            path,
                            "expected ${" + name + "}, got " + node.shown()
                                    + "; without a contract, a secret and its variable have the same name");
                }
            } else {
                put(name, path, node);
            }
        });
    }

    private void put(String variable, KeyPath path, ConfigNode node) {
        if (node instanceof StringValue text) {
            // docker run --env-file takes everything between the equals sign and the end of the line.
            if (text.value().chars().anyMatch(c -> c == '\n' || c == '\r')) {
                report(path, "expected a single line, because the app also reads it from " + variable);
            } else {
                variables.put(variable, text.value());
            }
        } else if (node instanceof IntegerValue || node instanceof BooleanValue) {
            variables.put(variable, node.shown());
        } else if (!(node instanceof ConfigNode.FractionValue)) {
            report(path, "expected a value that fits the variable " + variable + ", got " + node.shown());
        }
    }

    private void report(KeyPath path, String text) {
        violations.add(new Violation(path, text, List.of(path)));
    }
}
