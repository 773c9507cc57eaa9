package io.visitorcounter.release;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names one release: {@code prod@v12} is the twelfth of {@code prod}.
 *
 *  @param environment the environment it belongs to
 *  @param version 1-based; dense within the environment; at most 999999 */
public record ReleaseId(Environment environment, int version) implements Comparable<ReleaseId> {

    /** The greatest version: the ledger names its folders with 6 digits. */
    public static final int MAX_VERSION = 999_999;

    private static final Pattern VERSION = Pattern.compile("v?([1-9][0-9]{0,5})");
    private static final Pattern FORM = Pattern.compile("([^@]*)@v?([1-9][0-9]{0,5})");

    /** Checks the bounds. */
    public ReleaseId {
        if (version < 1 || version > MAX_VERSION) {
            throw new IllegalArgumentException("release: expected a version of 1.." + MAX_VERSION + ", got " + version);
        }
    }

    /** {@return the release named by the text}
     *
     *  @param text {@code prod@v12} or {@code prod@12}
     *  @throws IllegalArgumentException if it has another form */
    public static ReleaseId parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("release: expected a form like prod@v12, got "
                    + PrintableText.quoted(text) + LookalikeLetters.note(text));
        }
        return new ReleaseId(new Environment(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** {@return the version that the text names}
     *
     *  @param text {@code v12} or {@code 12}
     *  @throws IllegalArgumentException if it has another form */
    public static int version(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("release: expected a form like v12, got " + PrintableText.quoted(text)
                    + LookalikeLetters.note(text));
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** {@return the name as people write it, {@code prod v12}} */
    public String label() {
        return environment + " v" + version;
    }

    @Override
    public int compareTo(ReleaseId other) {
        int byEnvironment = environment.compareTo(other.environment);
        return byEnvironment != 0 ? byEnvironment : Integer.compare(version, other.version);
    }

    @Override
    public String toString() {
        return environment + "@v" + version;
    }
}
