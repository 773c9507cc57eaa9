package io.visitorcounter.release.ledger;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Where a ledger is. */
public sealed interface LedgerPlace {

    /** A repository of this machine.
     *
     *  @param path its folder
     *  @param createdOnDemand whether the first append creates it */
    record Local(Path path, boolean createdOnDemand) implements LedgerPlace {}

    /** A repository that is reached by a URL.
     *
     *  @param url {@code https://}, {@code ssh://}, {@code file://} or {@code host:path}
     *  @param copies a folder for the copy of what was read last
     *  @param variables of the environment, where the login is */
    record Remote(String url, Path copies, Map<String, String> variables) implements LedgerPlace {}

    /** {@return whether this names a repository by URL rather than by path}
     *
     *  @param text a path or a URL */
    static boolean isUrl(String text) {
        return Pattern.matches("[a-z+]+://.*|[^/\\\\]+@[^/\\\\]+:.*", text);
    }
}
