package io.visitorcounter.release;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where releases run: {@code dev}, {@code test}, {@code prod}. Also the name of its file, {@code prod.conf}, and of its
 *  folder in the ledger.
 *
 *  @param name 1 to 31 of {@code a-z 0-9 -}, beginning with a letter */
public record Environment(String name) implements Comparable<Environment> {

    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]{0,30}");

    /** Checks length and characters. */
    public Environment {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "environment: expected 1..31 of a-z 0-9 -, beginning with a letter, got " + Quoted.of(name));
        }
    }

    /** {@return whether an environment can have this name}
     *
     *  @param name any text */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    // By hand: see Digest.
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
