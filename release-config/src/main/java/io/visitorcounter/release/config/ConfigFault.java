package io.visitorcounter.release.config;

import io.visitorcounter.release.hocon.SafeText;
import java.util.Comparator;

/** One thing that is wrong with a config, and where. Never holds a secret.
 *
 *  @param file as the user knows it, such as {@code environments/prod.conf}
 *  @param line 1-based; 0 if no line is to blame
 *  @param subject the key or the thing that is wrong; empty if the whole file is
 *  @param text what was expected and what was found, then the next step, if any */
public record ConfigFault(String file, int line, String subject, String text) implements Comparable<ConfigFault> {

    private static final Comparator<ConfigFault> ORDER = Comparator.comparing(ConfigFault::file)
            .thenComparingInt(ConfigFault::line)
            .thenComparing(ConfigFault::subject)
            .thenComparing(ConfigFault::text);

    /** Escapes invisible characters in text from outside. */
    public ConfigFault {
        file = SafeText.visible(file);
        subject = SafeText.visible(subject);
        text = SafeText.visible(text);
    }

    @Override
    public int compareTo(ConfigFault other) {
        return ORDER.compare(this, other);
    }

    /** {@return {@code environments/prod.conf:14: redis.port: expected 1..65535, got 70000}} */
    @Override
    public String toString() {
        String where = line > 0 ? file + ":" + line : file;
        return subject.isEmpty() ? where + ": " + text : where + ": " + subject + ": " + text;
    }
}
