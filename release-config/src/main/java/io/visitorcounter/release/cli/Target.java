package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.util.Optional;

/** What a user names: {@code prod}, {@code prod@v12}, or {@code prod v12}.
 *
 *  @param environment which one
 *  @param version which release; empty: the newest */
record Target(Environment environment, Optional<Integer> version) {

    /** {@return what one word names: {@code prod} or {@code prod@v12}} */
    static Target parse(String text) {
        if (text.contains("@")) {
            ReleaseId id = ReleaseId.parse(text);
            return new Target(id.environment(), Optional.of(id.version()));
        }
        return new Target(new Environment(text), Optional.empty());
    }

    /** A version as a word of its own, {@code v12}, or with its environment once more, {@code prod@v12}.
     *
     *  @param of the environment, if it was named again
     *  @param number which version */
    record VersionWord(Optional<Environment> of, int number) {

        static VersionWord parse(String text) {
            if (text.contains("@")) {
                ReleaseId id = ReleaseId.parse(text);
                return new VersionWord(Optional.of(id.environment()), id.version());
            }
            return new VersionWord(Optional.empty(), ReleaseId.version(text));
        }

        /** {@return the number, of a release of this environment}
         *
         *  @throws ReleaseException.Usage if it is of another */
        int in(Environment environment) {
            of.filter(other -> !other.equals(environment)).ifPresent(other -> {
                throw new ReleaseException.Usage("expected two releases of " + environment + ", got one of " + other);
            });
            return number;
        }
    }

    /** {@return the release that two words name}
     *
     *  @param second the version, if it is a word of its own
     *  @throws ReleaseException.Usage if it is named twice */
    Target with(Optional<VersionWord> second) {
        if (second.isPresent() && version.isPresent()) {
            throw new ReleaseException.Usage(environment + ": expected one version, got v" + version.get() + " and v"
                    + second.get().number());
        }
        return second.isPresent() ? new Target(environment, second.map(word -> word.in(environment))) : this;
    }
}
