package io.visitorcounter.release.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A duration as it was written, {@code 1500ms}, and how long it is. */
record Span(String text, Duration length) {

    private static final Pattern FORM = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,9})?\\s*[a-z]+");

    /** The duration that the text is for HOCON; empty if it is none, or has no unit. */
    static Optional<Span> of(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Span(text, ConfigFactory.parseMap(Map.of("it", text)).getDuration("it")));
        } catch (ConfigException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }

    /** Whether it is neither shorter than the one nor longer than the other, where there is one. */
    boolean isWithin(@Nullable Span least, @Nullable Span most) {
        boolean tooShort = least != null && length.compareTo(least.length) < 0;
        boolean tooLong = most != null && length.compareTo(most.length) > 0;
        return !tooShort && !tooLong;
    }

    @Override
    public String toString() {
        return text;
    }
}
