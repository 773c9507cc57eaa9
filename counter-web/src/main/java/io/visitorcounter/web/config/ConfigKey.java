package io.visitorcounter.web.config;

import org.jspecify.annotations.Nullable;

/** A key of the config, declared once in {@link ConfigKeys}.
 *
 *  @param path as in {@code http.port}
 *  @param type which values it may have
 *  @param preset the value where none is given, as a file would have it
 *  @param variable that the value is also read from, or null
 *  @param atRun whether that variable goes before the file of a release
 *  @param secret whether its value may stand in no message
 *  @param optional whether a file may leave it out, since the files of an earlier version do
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
