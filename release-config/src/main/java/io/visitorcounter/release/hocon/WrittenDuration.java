package io.visitorcounter.release.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A duration as it was written, {@code 1500ms}, and how long it is. Compared by length. */
public record WrittenDuration(String text, Duration length) implements Comparable<WrittenDuration> {

    private static final Pattern FORM = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,9})?\\s*[a-z]+");

    /** The duration that HOCON reads from the text; empty if it is not one, or has no unit. */
    public static Optional<WrittenDuration> of(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new WrittenDuration(
                    text, ConfigFactory.parseMap(Map.of("it", text)).getDuration("it")));
        } catch (ConfigException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(WrittenDuration other) {
        return length.compareTo(other.length);
    }

    @Override
    public String toString() {
        return text;
    }
}
