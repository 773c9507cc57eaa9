package io.visitorcounter.release.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** One key whose value is not the same in two bundles. Values are as in {@link Bundle#settings()}.
 *
 *  @param key such as {@code redis.port}
 *  @param before empty where the key was added
 *  @param after empty where it was removed */
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

    /** {@return what leads from one config to another, sorted by key; nothing if they say the same}
     *
     *  @param before such as that of {@code prod@v11}
     *  @param after such as that of {@code prod@v12} */
    public static List<ConfigChange> between(Bundle before, Bundle after) {
        return between(before.settings(), after.settings());
    }

    private static List<ConfigChange> between(SortedMap<String, String> before, SortedMap<String, String> after) {
        SortedSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<ConfigChange> changes = new ArrayList<>();
        for (String key : keys) {
            Optional<String> old = value(before, key);
            Optional<String> young = value(after, key);
            if (!old.equals(young)) {
                changes.add(new ConfigChange(key, old, young));
            }
        }
        return List.copyOf(changes);
    }

    /** {@return whether the key was added, removed or changed} */
    public Kind kind() {
        if (before.isEmpty()) {
            return Kind.ADDED;
        }
        return after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    }

    private static Optional<String> value(Map<String, String> settings, String key) {
        return Optional.ofNullable(settings.get(key));
    }
}
