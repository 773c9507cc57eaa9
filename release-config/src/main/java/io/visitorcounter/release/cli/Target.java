package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.Optional;

/** What a user names: {@code prod}, or {@code prod@v12}.
 *
 *  @param environment which one
 *  @param version which release; empty: the newest */
record Target(Environment environment, Optional<Integer> version) {

    static Target parse(String text) {
        if (text.contains("@")) {
            ReleaseId id = ReleaseId.parse(text);
            return new Target(id.environment(), Optional.of(id.version()));
        }
        return new Target(new Environment(text), Optional.empty());
    }
}
