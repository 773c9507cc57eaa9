package io.visitorcounter.release;

import java.nio.file.Path;
import java.util.Map;

/** The user's home folder, which {@code ~/} stands for. A shell expands it only at the start of a word, not in a
 *  variable's value or after the equals sign of {@code --images=~/images}; unexpanded, it would create a folder named
 *  {@code ~}. */
public final class HomeFolder {

    private static final String TILDE = "~/";

    private HomeFolder() {}

    /** {@return the text, with a leading {@code ~/} replaced by the user's home folder}
     *
     *  @param text a path, or a place that may be one
     *  @param variables of the environment: {@code HOME} counts, as for shells and git */
    public static String expanded(String text, Map<String, String> variables) {
        return text.startsWith(TILDE)
                ? Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")))
                        .resolve(text.substring(TILDE.length()))
                        .toString()
                : text;
    }
}
