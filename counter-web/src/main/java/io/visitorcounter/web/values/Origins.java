package io.visitorcounter.web.values;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Web origins (RFC 6454), such as {@code https://example.org}.
 *
 *  @param all whether every origin is meant
 *  @param named the origins as browsers write them, if not all */
public record Origins(boolean all, Set<String> named) {

    /** Matches what {@link #of} accepts, except that a list may also be blank. */
    public static final Pattern LIST =
            Pattern.compile(" *((\\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^ \\t\\r\\n,/?#@]+) *(, *(?=[^ ])|$))*");

    /** {@return the origins of a list}
     *
     *  @param text comma-separated origins; {@code *} means all, blank means none */
    public static Origins of(String text) {
        Set<String> named = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .map(Origins::canonical)
                .collect(Collectors.toUnmodifiableSet());
        return named.contains("*") ? new Origins(true, Set.of()) : new Origins(false, named);
    }

    // As in the header: in lower case, without the scheme's default port.
    private static String canonical(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://")
                ? lower.replaceFirst(":443$", "")
                : lower.startsWith("http://") ? lower.replaceFirst(":80$", "") : lower;
    }

    /** {@return whether no origin is meant} */
    public boolean none() {
        return !all && named.isEmpty();
    }

    /** {@return whether the origin, as a browser sends it, is one of these} */
    public boolean contains(String origin) {
        return all || named.contains(origin);
    }
}
