package io.visitorcounter.release;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where releases run: {@code dev}, {@code test}, {@code prod}. Also the name of its file, {@code prod.conf}, of its folder
 *  in the ledger, and of a label in Kubernetes, whose rule it follows (RFC 1123).
 *
 *  @param name {@value #RULE} */
public record Environment(String name) implements Comparable<Environment> {

    /** The names that are allowed, for messages. */
    public static final String RULE = "1..31 of a-z 0-9 -, a letter first and no - last";

    private static final Pattern VALID = Pattern.compile("[a-z]([a-z0-9-]{0,29}[a-z0-9])?");

    /** Checks length and characters. */
    public Environment {
        if (!isValid(name)) {
            throw new IllegalArgumentException("environment: expected " + RULE + ", got " + PrintableText.quoted(name)
                    + LookalikeLetters.note(name));
        }
    }

    /** {@return whether this is a valid name of an environment} */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    // Written by hand: see Digest.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Environment that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(Environment other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
