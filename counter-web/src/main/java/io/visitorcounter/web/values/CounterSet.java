package io.visitorcounter.web.values;

import io.visitorcounter.core.CounterName;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A set of counters, by name.
 *
 *  @param all whether every counter is meant
 *  @param named the counters, if not all */
public record CounterSet(boolean all, Set<CounterName> named) {

    /** Matches what {@link #of} accepts. */
    public static final Pattern LIST = Pattern.compile("\\*|([A-Za-z0-9][A-Za-z0-9._-]{0,99}( *, *(?=[^ ])|$))*");

    /** {@return the counters of a list}
     *
     *  @param text comma-separated names; {@code *} means all, empty means none */
    public static CounterSet of(String text) {
        if (text.equals("*")) {
            return new CounterSet(true, Set.of());
        }
        return new CounterSet(
                false,
                Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .map(CounterName::of)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** {@return whether the counter is one of these} */
    public boolean contains(CounterName name) {
        return all || named.contains(name);
    }
}
