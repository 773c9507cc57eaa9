package io.visitorcounter.release.ledger;

import io.visitorcounter.release.HomeFolder;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where a ledger is. */
public sealed interface LedgerPlace {

    /** A repository on this machine, which is written directly: its hooks do not run.
     *
     *  @param path its folder
     *  @param createdOnDemand whether the first append creates it */
    record Local(Path path, boolean createdOnDemand) implements LedgerPlace {}

    /** A repository with a URL, reached like {@code git push} does.
     *
     *  @param url {@code https://}, {@code ssh://}, {@code git://}, {@code file://} or {@code host:path}
     *  @param copies a folder for the local copy of what was read last
     *  @param variables of the environment, which hold the login */
    record Remote(String url, Path copies, Map<String, String> variables) implements LedgerPlace {

        /** {@return the URL, safe to print: the variables may hold passwords} */
        @Override
        public String toString() {
            return PrintableText.oneLine(url);
        }
    }

    /** {@return the place that a user names}
     *
     *  @param text a URL or a path; {@code ~/} is the user's home folder
     *  @param copies a folder for the local copy of a repository with a URL
     *  @throws ReleaseException.Usage if it is neither */
    static LedgerPlace of(String text, Path copies, Map<String, String> variables) {
        if (text.isBlank()) {
            throw new ReleaseException.Usage("--ledger: expected a folder or a URL, got nothing");
        }
        if (GitAddress.of(text).isPresent()) {
            return new Remote(text, copies, variables);
        }
        try {
            return new Local(Path.of(HomeFolder.expanded(text, variables)), false);
        } catch (InvalidPathException e) {
            throw new ReleaseException.Usage(
                    "--ledger: expected a folder or a URL, got a text that is not a path here");
        }
    }
}
