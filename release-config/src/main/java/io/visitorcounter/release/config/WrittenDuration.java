package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A duration as it was written, {@code 1500ms}, and how long it is. */
record WrittenDuration(String text, Duration length) {

    private static final Pattern FORM = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,9})?\\s*[a-z]+");

    /** The duration that HOCON reads from the text; empty if it is not one, or has no unit. */
    static Optional<WrittenDuration> of(String text) {
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

    /** Whether it is neither shorter than the one nor longer than the other, where there is one. */
    boolean isWithin(@Nullable WrittenDuration min, @Nullable WrittenDuration max) {
        boolean tooShort = min != null && length.compareTo(min.length) < 0;
        boolean tooLong = max != null && length.compareTo(max.length) > 0;
        return !tooShort && !tooLong;
    }

    @Override
    public String toString() {
        return text;
    }
}
