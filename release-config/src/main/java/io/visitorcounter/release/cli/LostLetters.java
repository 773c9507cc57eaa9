package io.visitorcounter.release.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Letters that Java lost before this tool could read them. Java decodes arguments, variables and paths by the locale.
 *  If that is C, or is not installed, every non-ASCII character becomes U+FFFD: a reason would be garbled in the
 *  history for ever, and a path would lead nowhere. {@code bin/release} sets a locale that keeps them. */
final class LostLetters {

    private static final String NEXT = "; set LC_ALL=C.UTF-8, or start it by bin/release";

    private LostLetters() {}

    /** {@return what was lost, as a fault; empty if nothing was}
     *
     *  @param encoding the one that Java decodes with
     *  @param arguments of the command
     *  @param variables of the process; only this tool's and the home folder's count
     *  @param folder the working directory */
    static Optional<String> in(String encoding, List<String> arguments, Map<String, String> variables, String folder) {
        if (encoding.equalsIgnoreCase("UTF-8")) {
            return Optional.empty();
        }
        String expected = ": expected letters that the locale's encoding " + encoding + " has, got others" + NEXT;
        for (int i = 0; i < arguments.size(); i++) {
            if (isLossy(arguments.get(i))) {
                return Optional.of("argument " + (i + 1) + expected);
            }
        }
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            boolean ours = variable.getKey().startsWith("RELEASE_")
                    || variable.getKey().equals("HOME")
                    || variable.getKey().equals("XDG_CACHE_HOME");
            if (ours && isLossy(variable.getValue())) {
                return Optional.of(variable.getKey() + expected);
            }
        }
        return isLossy(folder) ? Optional.of("the folder it is started in" + expected) : Optional.empty();
    }

    private static boolean isLossy(String text) {
        return text.chars().anyMatch(c -> c > 0x7f);
    }
}
