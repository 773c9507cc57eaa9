package io.visitorcounter.web.config;

import java.util.Comparator;

/** One error in a config.
 *
 *  @param source the file's path, or the name of the variable that the value came from
 *  @param line in the file, from 1; 0 if the source has none
 *  @param key the key's path, as in {@code http.port}
 *  @param what expected and found, never a secret */
public record ConfigError(String source, int line, String key, String what) implements Comparable<ConfigError> {

    @Override
    public int compareTo(ConfigError other) {
        return Comparator.comparing(ConfigError::source)
                .thenComparing(ConfigError::line)
                .thenComparing(ConfigError::key)
                .thenComparing(ConfigError::what)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return source + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + what;
    }
}
