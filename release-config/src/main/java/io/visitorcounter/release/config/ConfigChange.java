package io.visitorcounter.release.config;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** One key whose value is not the same in two bundles. Values are as in {@link Bundle#settings()}.
 *
 *  @param key such as {@code redis.port}
 *  @param before empty if the key was added
 *  @param after empty if it was removed */
public record ConfigChange(String key, Optional<String> before, Optional<String> after) {

    /** What happened to a key. */
    public enum Kind {
        /** The key is new. */
        ADDED,
        /** The key is gone. */
        REMOVED,
        /** The key has another value. */
        CHANGED
    }

    /** {@return the changes from one config to another, sorted by key; none if they are equal}
     *
     *  @param before such as that of {@code prod@v11}
     *  @param after such as that of {@code prod@v12} */
    public static List<ConfigChange> between(Bundle before, Bundle after) {
        SortedMap<String, String> old = before.settings();
        SortedMap<String, String> young = after.settings();
        return Stream.concat(old.keySet().stream(), young.keySet().stream())
                .distinct()
                .sorted()
                .map(key ->
                        new ConfigChange(key, Optional.ofNullable(old.get(key)), Optional.ofNullable(young.get(key))))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
    }

    /** {@return whether the key was added, removed or changed} */
    public Kind kind() {
        if (before.isEmpty()) {
            return Kind.ADDED;
        }
        return after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    }
}
