package io.visitorcounter.release.config;

/** The JSON types that a key of a contract can have. */
enum KeyType {
    OBJECT,
    STRING,
    INTEGER,
    BOOLEAN;

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
