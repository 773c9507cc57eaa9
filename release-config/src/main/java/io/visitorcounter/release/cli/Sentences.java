package io.visitorcounter.release.cli;

import java.util.Locale;

/** Makes text of others safe for one line of a terminal. */
final class Sentences {

    private Sentences() {}

    static String lowerFirst(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /** Without line ends and without the control characters that steer a terminal. */
    static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
