package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The library's words on broken HOCON, without its advice, and without the text that it quotes, which may be a secret. */
final class Syntax {

    private static final Pattern ORIGIN = Pattern.compile("^[^:]*: [0-9]+(-[0-9]+)?: ");
    private static final Pattern ADVICE = Pattern.compile(" \\(if you (want|intended) .*", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("'([^']|'(?=[^ ,)]))*'", Pattern.DOTALL);

    private static final Pattern CIRCLE = Pattern.compile("cycle of substitutions involving (.*)$");

    private Syntax() {}

    /** A fault for a config that can't be resolved. */
    static ConfigFault unresolvable(ConfigException broken, Places places) {
        String text = String.valueOf(broken.getMessage());
        String file = "";
        int line = 0;
        if (broken.origin() != null) {
            file = broken.origin().description().replaceFirst(": [0-9].*", "");
            line = Math.max(0, broken.origin().lineNumber());
        }
        Matcher circle = CIRCLE.matcher(text);
        if (circle.find()) {
            return places.fault(
                    file,
                    line,
                    KeyPath.ROOT,
                    "refers to itself: " + circle.group(1).replace(", ", " → "));
        }
        return places.fault(file, line, KeyPath.ROOT, explain(broken));
    }

    /** What is broken, in the middle of a line. */
    static String explain(ConfigException broken) {
        String text = ORIGIN.matcher(String.valueOf(broken.getMessage())).replaceFirst("");
        text = ADVICE.matcher(text).replaceFirst("");
        text = QUOTED.matcher(text)
                .replaceAll(found -> found.group().length() <= 3
                        ? found.group().replace("$", "\\$").replace("\\", "\\\\")
                        : "text");
        return "broken HOCON: " + text.strip();
    }
}
