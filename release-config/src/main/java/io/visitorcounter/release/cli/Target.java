package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user names: {@code prod}, {@code prod@v12}, or {@code prod v12}.
 *
 *  @param environment which one
 *  @param version which release; empty: the newest */
record Target(Environment environment, Optional<Integer> version) {

    // How people write a release elsewhere: prod:v12, prod/v12, "prod v12", Prod@V12, v012.
    private static final Pattern NEARLY =
            Pattern.compile("\\s*([A-Za-z][A-Za-z0-9-]{0,30})\\s*(?:[@:/#, ]\\s*[vV]?0*([1-9][0-9]{0,5})\\s*)?");
    private static final Pattern NEARLY_VERSION = Pattern.compile("\\s*[vV]?0*([1-9][0-9]{0,5})\\s*");

    /** {@return the target that one word names: {@code prod} or {@code prod@v12}} */
    static Target parse(String text) {
        try {
            if (text.contains("@")) {
                ReleaseId id = ReleaseId.parse(text);
                return new Target(id.environment(), Optional.of(id.version()));
            }
            return new Target(new Environment(text), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + meant(text), e);
        }
    }

    private static String meant(String text) {
        Matcher nearly = NEARLY.matcher(text);
        String name = nearly.matches() ? nearly.group(1).toLowerCase(Locale.ROOT) : "";
        if (!Environment.isValid(name)) {
            return "";
        }
        return "; did you mean " + name + (nearly.group(2) == null ? "" : "@v" + nearly.group(2)) + "?";
    }

    private static String meantVersion(String text) {
        Matcher nearly = NEARLY_VERSION.matcher(text);
        return nearly.matches() ? "; did you mean v" + nearly.group(1) + "?" : "";
    }

    /** A version as a separate word, {@code v12}, or with its environment repeated, {@code prod@v12}.
     *
     *  @param of the environment, if it was named again
     *  @param number which version */
    record VersionWord(Optional<Environment> of, int number) {

        static VersionWord parse(String text) {
            try {
                if (text.contains("@")) {
                    ReleaseId id = ReleaseId.parse(text);
                    return new VersionWord(Optional.of(id.environment()), id.version());
                }
                return new VersionWord(Optional.empty(), ReleaseId.version(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + meantVersion(text), e);
            }
        }

        /** {@return the number of a release of this environment}
         *
         *  @throws ReleaseException.Usage if it belongs to another */
        int in(Environment environment) {
            of.filter(other -> !other.equals(environment)).ifPresent(other -> {
                throw new ReleaseException.Usage("expected two releases of " + environment + ", got one of " + other);
            });
            return number;
        }
    }

    /** {@return the release that two words name}
     *
     *  @param second the version, if it is a separate word
     *  @throws ReleaseException.Usage if it is named twice */
    Target with(Optional<VersionWord> second) {
        if (second.isPresent() && version.isPresent()) {
            throw new ReleaseException.Usage(environment + ": expected one version, got v" + version.get() + " and v"
                    + second.get().number());
        }
        return second.isPresent() ? new Target(environment, second.map(word -> word.in(environment))) : this;
    }
}
