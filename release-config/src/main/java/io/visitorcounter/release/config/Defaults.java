package io.visitorcounter.release.config;

import io.visitorcounter.release.config.ConfigNode.ObjectValue;
import java.util.SortedMap;
import java.util.TreeMap;

/** Completes a config: every key of the contract that is not given has its default. */
final class Defaults {

    private Defaults() {}

    static ObjectValue fill(Schema schema, ObjectValue given) {
        SortedMap<String, ConfigNode> complete = new TreeMap<>(given.children());
        schema.properties().forEach((name, child) -> {
            ConfigNode there = complete.get(name);
            if (child.type() == KeyType.OBJECT && (there == null || there instanceof ObjectValue)) {
                ObjectValue filled = fill(child, there instanceof ObjectValue branch ? branch : ObjectValue.EMPTY);
                if (there != null || !filled.children().isEmpty()) {
                    complete.put(name, filled);
                }
            } else if (there == null && child.preset() != null) {
                complete.put(name, child.preset());
            }
        });
        return new ObjectValue(complete);
    }
}
