package io.visitorcounter.release.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bytes of a config file as text, and if they can't be read as HOCON, the reason.
 *
 *  @param text what could be decoded
 *  @param refusal what is wrong; empty if nothing is
 *  @param line where; 0 for the file as a whole */
record FileText(String text, String refusal, int line) {

    private static final Pattern NUL = Pattern.compile("\0|\\\\u0000");
    // HOCON ends a line only at a line feed; editors that break lines at a carriage return show a different file.
    private static final Pattern RETURN = Pattern.compile("\r(?![\n]|\\z)");
    // After another backslash it is text.
    private static final Pattern HALF =
            Pattern.compile("(?<!\\\\)\\\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\\\u[dD][c-fC-F][0-9a-fA-F]{2})"
                    + "|(?<!\\\\|\\\\u[dD][89abAB][0-9a-fA-F]{2})\\\\u[dD][c-fC-F][0-9a-fA-F]{2}");
    private static final Pattern LONG_LINE = Pattern.compile("(?m)^.{10001}");

    /** What no file may have, and the refusal, in which {@code %s} is what was found. */
    private static final List<Map.Entry<Pattern, String>> REFUSED = List.of(
            Map.entry(NUL, "expected text, got a NUL character"),
            Map.entry(HALF, "expected text, got half of a character (%s)"),
            Map.entry(RETURN, "expected lines that end with LF or CRLF, got a carriage return (CR) without an LF"),
            Map.entry(LONG_LINE, "expected lines of at most 10000 characters"));

    static FileText of(byte[] bytes) {
        if (bytes.length > ConfigSource.MAX_FILE_BYTES) {
            return new FileText("", "expected at most " + ConfigSource.MAX_FILE_BYTES + " bytes", 0);
        }
        CharBuffer decoded = CharBuffer.allocate(bytes.length + 1);
        boolean malformed = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), decoded, true)
                .isError();
        String text = decoded.flip().toString();
        if (malformed) {
            return new FileText(text, "expected UTF-8", lineAt(text, text.length()));
        }
        for (Map.Entry<Pattern, String> refused : REFUSED) {
            Matcher found = refused.getKey().matcher(text);
            if (found.find()) {
                return new FileText(text, refused.getValue().formatted(found.group()), lineAt(text, found.start()));
            }
        }
        return new FileText(text, "", 0);
    }

    private static int lineAt(String text, int index) {
        return 1 + (int) text.chars().limit(index).filter(c -> c == '\n').count();
    }
}
