package io.visitorcounter.release.config;

import java.util.Arrays;
import java.util.Optional;

/** The JSON types that a key of a contract can have. */
enum KeyType {
    OBJECT,
    STRING,
    INTEGER,
    BOOLEAN;

    /** {@return the type that JSON Schema writes so} */
    static Optional<KeyType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    /** Whether a value is of it. */
    boolean accepts(ConfigNode value) {
        return switch (this) {
            case OBJECT -> value instanceof ConfigNode.ObjectValue;
            case STRING -> value instanceof ConfigNode.StringValue;
            case INTEGER -> value instanceof ConfigNode.IntegerValue;
            case BOOLEAN -> value instanceof ConfigNode.BooleanValue;
        };
    }

    /** As JSON Schema writes it. */
    String word() {
        return switch (this) {
            case OBJECT -> "object";
            case STRING -> "string";
            case INTEGER -> "integer";
            case BOOLEAN -> "boolean";
        };
    }
}
