package io.visitorcounter.release.engine;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What applying a rollout would do.
 *
 *  @param checked what passed, a few words each: {@code dry run of 4 documents}
 *  @param difference how the engine's objects would change, in lines as the engine's own program prints them; empty:
 *      not at all, or unknown
 *  @param secrets the secrets that the manifest names, with the engine's own version of each: never a value
 *  @param notes what could not be checked, and why */
public record Forecast(
        List<String> checked, List<String> difference, SortedMap<String, String> secrets, List<String> notes) {

    public Forecast {
        checked = List.copyOf(checked);
        difference = List.copyOf(difference);
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        notes = List.copyOf(notes);
    }
}
