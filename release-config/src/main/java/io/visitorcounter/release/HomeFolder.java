package io.visitorcounter.release;

import java.nio.file.Path;
import java.util.Map;

/** The user's own folder, for which {@code ~/} stands. A shell puts it in where that begins a word, not in a variable's value
 *  and not behind the equals sign of {@code --images=~/images}; without this a folder named {@code ~} would be made. */
public final class HomeFolder {

    private static final String TILDE = "~/";

    private HomeFolder() {}

    /** {@return the text, with the user's own folder for {@code ~/} at its begin}
     *
     *  @param text a path, or a place that may be one
     *  @param variables of the environment: {@code HOME}, as shells and git have it */
    public static String expanded(String text, Map<String, String> variables) {
        return text.startsWith(TILDE)
                ? Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")))
                        .resolve(text.substring(TILDE.length()))
                        .toString()
                : text;
    }
}
