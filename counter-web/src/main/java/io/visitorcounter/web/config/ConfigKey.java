package io.visitorcounter.web.config;

import org.jspecify.annotations.Nullable;

/** A key of the config, declared once in {@link ConfigKeys}.
 *
 *  @param path as in {@code http.port}
 *  @param type the values that it may have
 *  @param preset the default value, as in a file
 *  @param variable the variable that the value is also read from, or null
 *  @param atRun whether that variable overrides the file of a release
 *  @param secret whether its value must not appear in messages
 *  @param optional whether a file may omit it, as files of an earlier version do
 *  @param description for people
 *  @param <T> what a value becomes */
public record ConfigKey<T>(
        String path,
        ValueType<T> type,
        Object preset,
        @Nullable String variable,
        boolean atRun,
        boolean secret,
        boolean optional,
        String description) {

    @Override
    public String toString() {
        return path;
    }
}
