package io.visitorcounter.release.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
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
        Matcher nul = NUL.matcher(text);
        Matcher half = HALF.matcher(text);
        Matcher carriageReturn = RETURN.matcher(text);
        Matcher longLine = LONG_LINE.matcher(text);
        if (malformed) {
            return new FileText(text, "expected UTF-8", lineAt(text, text.length()));
        } else if (nul.find()) {
            return new FileText(text, "expected text, got a NUL character", lineAt(text, nul.start()));
        } else if (half.find()) {
            return new FileText(
                    text, "expected text, got half of a character (" + half.group() + ")", lineAt(text, half.start()));
        } else if (carriageReturn.find()) {
            return new FileText(
                    text,
                    "expected lines that end with LF or CRLF, got a carriage return (CR) without an LF",
                    lineAt(text, carriageReturn.start()));
        } else if (longLine.find()) {
            return new FileText(text, "expected lines of at most 10000 characters", lineAt(text, longLine.start()));
        }
        return new FileText(text, "", 0);
    }

    private static int lineAt(String text, int index) {
        return 1 + (int) text.chars().limit(index).filter(c -> c == '\n').count();
    }
}
