package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.visitorcounter.release.config.Outline.SyntaxError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is broken in a HOCON text, and says it in our own words: the library's quote the text around, which may be a
 *  secret. */
final class Syntax {

    // So many at once are enough to read; each one more is another parse.
    private static final int MAX_PROBLEMS = 10;

    private static final Pattern UNEXPECTED = Pattern.compile("(?:got|got wrong token:|token:) '(.)'");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}?");
    private static final Pattern ESCAPE = Pattern.compile("backslash followed by '(.)'");

    private Syntax() {}

    /** A text that can be parsed: the given one, or what is left of it without its broken lines.
     *
     *  @param whole whether nothing had to go */
    record CheckedText(String text, boolean whole, boolean parses, List<SyntaxError> errors) {}

    /** Checks a text; where one line is broken, and no bracket is in it, the rest is checked without it. */
    static CheckedText check(String file, String text) {
        List<SyntaxError> errors = new ArrayList<>();
        String rest = text;
        while (errors.size() < MAX_PROBLEMS) {
            try {
                ConfigFactory.parseString(rest, Hermetic.parsing(file));
                return new CheckedText(rest, errors.isEmpty(), true, errors);
            } catch (ConfigException broken) {
                SyntaxError theirs = error(broken);
                SyntaxError error = Outline.of(file, rest)
                        .error()
                        .filter(ours -> ours.line() <= theirs.line())
                        .orElse(theirs);
                errors.add(error);
                String without = withoutLine(rest, error.line());
                if (without.equals(rest)) {
                    break;
                }
                rest = without;
            }
        }
        return new CheckedText("", false, false, errors);
    }

    /** What is broken, without its line. */
    static String explain(ConfigException broken) {
        String text = String.valueOf(broken.getMessage());
        Matcher escape = ESCAPE.matcher(text);
        Matcher unexpected = UNEXPECTED.matcher(text);
        if (escape.find()) {
            return "\\" + escape.group(1) + " is no escape; write \\\\ for a backslash";
        } else if (unexpected.find()) {
            return "'" + unexpected.group(1) + "' is not expected here; put a text that holds it in quotes";
        } else if (broken instanceof ConfigException.BadPath) {
            return "a key with an empty part";
        } else if (broken instanceof ConfigException.WrongType && text.contains("at file root")) {
            return "expected keys, got a list";
        } else if (text.contains("include")) {
            return "include: expected a name in quotes";
        }
        return "a text that is not expected here";
    }

    private static SyntaxError error(ConfigException broken) {
        int line = broken.origin() == null ? 0 : Math.max(0, broken.origin().lineNumber());
        return new SyntaxError(line, explain(broken));
    }

    // The same text if the line can't be left out without tearing apart what is around it.
    private static String withoutLine(String text, int line) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (line < 1 || line > lines.size()) {
            return text;
        }
        String gone = lines.set(line - 1, "");
        boolean brackets = REFERENCE.matcher(gone).replaceAll("").chars().anyMatch(c -> "{}[]".indexOf(c) >= 0);
        return brackets || gone.contains("\"\"\"") ? text : String.join("\n", lines);
    }
}
