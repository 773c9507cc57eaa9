package io.visitorcounter.release.cli;

/** How a commit of the app's source is shown. */
final class Commit {

    private static final int DIGITS = 12;

    private Commit() {}

    /** {@return the first twelve digits of a commit's id; any other text unchanged} */
    static String shortened(String commit) {
        return commit.matches("[0-9a-f]{40,64}") ? commit.substring(0, DIGITS) : commit;
    }
}
