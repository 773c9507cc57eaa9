package io.visitorcounter.web.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** An event as text: {@code 2026-01-01T00:00:00.000Z INFO web: listening at http://localhost:8080}. A stack trace
 *  follows on the same line, its own lines separated by {@code " | "}. */
final class TextLine extends Formatter {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @Override
    public String format(LogRecord event) {
        StringBuilder line = new StringBuilder(160)
                .append(TIME.format(event.getInstant()))
                .append(' ')
                .append(level(event.getLevel()))
                .append(' ')
                .append(room(event.getLoggerName()))
                .append(": ");
        oneLine(formatMessage(event), line);
        String trace = trace(event.getThrown());
        if (trace != null) {
            oneLine(" | " + trace, line);
        }
        return line.append('\n').toString();
    }

    static String level(Level level) {
        int value = level.intValue();
        return value >= Level.SEVERE.intValue()
                ? "ERROR"
                : value >= Level.WARNING.intValue() ? "WARN" : value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    /** {@return the logger's last package for our own, as in {@code web.live}; else the logger's name} */
    static String room(@Nullable String logger) {
        String name = logger == null ? "" : logger;
        String ours = "io.visitorcounter.";
        int last = name.lastIndexOf('.');
        return name.startsWith(ours) ? name.substring(ours.length(), Math.max(ours.length(), last)) : name;
    }

    static @Nullable String trace(@Nullable Throwable thrown) {
        if (thrown == null) {
            return null;
        }
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out));
        return out.toString().strip();
    }

    // A message can hold what a client sent; a line break in it would forge an event.
    private static void oneLine(String text, StringBuilder into) {
        boolean broken = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                broken = true;
            } else if (c >= ' ' && c != 0x7f) {
                into.append(broken ? " | " : "").append(c);
                broken = false;
            } else if (c == '\t') {
                into.append(broken ? " | " : " ");
                broken = false;
            }
        }
    }
}
