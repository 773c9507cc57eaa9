package io.visitorcounter.web.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value as it was written, with its place.
 *
 *  @param value for {@link ValueType#read}; null if null was written
 *  @param shown the value for a message
 *  @param variable whether it comes from a variable, where everything is text
 *  @param source the file's path, or the variable's name
 *  @param line in the file, from 1; 0 if there is none */
record WrittenValue(@Nullable Object value, String shown, boolean variable, String source, int line) {

    /** {@return the converted value; empty if it is not as the type expects} */
    <T> Optional<T> as(ValueType<T> type) {
        if (value == null) {
            return Optional.empty();
        }
        return variable && value instanceof String text ? type.readVariable(text) : type.read(value);
    }

    /** {@return the error: what was expected of the key and, unless it is a secret, what was found} */
    ConfigError error(ConfigKey<?> key, String expected) {
        return new ConfigError(
                source, line, key.path(), "expected " + expected + (key.secret() ? "" : ", got " + shown));
    }

    /** {@return the place: the value may be a password} */
    @Override
    public String toString() {
        return source + ":" + line;
    }
}
