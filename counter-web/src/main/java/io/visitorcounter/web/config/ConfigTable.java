package io.visitorcounter.web.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys and the rules between them, in the order in which they were declared. */
final class ConfigTable {

    private final Map<String, ConfigKey<?>> keys = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    /** Narrows the values of a key if other keys have certain values.
     *
     *  @param when the conditions, which must all hold; their keys are all in one group, or all at the top level
     *  @param key the key whose values are narrowed
     *  @param type the remaining values */
    record Rule(List<Condition> when, ConfigKey<?> key, ValueType<?> type) {

        /** {@return the conditions, as in {@code store is redis}} */
        String reason() {
            return when.stream()
                    .map(condition ->
                            condition.key() + " is " + (condition.value().equals("") ? "\"\"" : condition.value()))
                    .collect(Collectors.joining(" and "));
        }
    }

    /** The condition that a key has a value, as in a file. */
    record Condition(ConfigKey<?> key, Object value) {}

    /** {@return every key by its path} */
    Map<String, ConfigKey<?>> keys() {
        return Collections.unmodifiableMap(keys);
    }

    List<Rule> rules() {
        return Collections.unmodifiableList(rules);
    }

    /** {@return a declaration, which {@link Declaration#means} completes}
     *
     *  @param path as in {@code http.port}
     *  @param type the values that it may have
     *  @param preset the default value, as in a file */
    <T> Declaration<T> key(String path, ValueType<T> type, Object preset) {
        return new Declaration<>(path, type, preset);
    }

    void rule(ConfigKey<?> key, ValueType<?> type, Condition... when) {
        rules.add(new Rule(List.of(when), key, type));
    }

    /** {@return the condition that a key has a value} */
    static Condition is(ConfigKey<?> key, Object value) {
        return new Condition(key, value);
    }

    final class Declaration<T> {

        private final String path;
        private final ValueType<T> type;
        private final Object preset;
        private @Nullable String variable;
        private boolean atRun;
        private boolean secret;
        private boolean optional;

        private Declaration(String path, ValueType<T> type, Object preset) {
            this.path = path;
            this.type = type;
            this.preset = preset;
        }

        /** Also reads the value from a variable, unless there is a file. */
        Declaration<T> variable(String name) {
            variable = name;
            return this;
        }

        /** Also reads the value from a variable, even if there is a file, since a platform sets it at run time. */
        Declaration<T> variableAtRun(String name) {
            variable = name;
            atRun = true;
            return this;
        }

        /** Never shows the value. */
        Declaration<T> secret() {
            secret = true;
            return this;
        }

        /** Lets a file omit the key, as files of version 1.0.0 do. */
        Declaration<T> since1Dot1() {
            optional = true;
            return this;
        }

        ConfigKey<T> means(String description) {
            ConfigKey<T> key = new ConfigKey<>(path, type, preset, variable, atRun, secret, optional, description);
            keys.put(path, key);
            return key;
        }
    }
}
