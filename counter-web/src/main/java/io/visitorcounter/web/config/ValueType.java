package io.visitorcounter.web.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values that a key may have, and their conversion. It can express no more than the keywords of
 *  config.schema.json, so that the app refuses exactly what the release tool refuses.
 *
 *  @param <T> the converted type */
sealed interface ValueType<T> {

    /** {@return any text of so many characters} */
    static ValueType<String> text(int minLength, int maxLength) {
        return text(minLength, maxLength, text -> text);
    }

    /** {@return any text of so many characters}
     *
     *  @param convert converts the text */
    static <T> ValueType<T> text(int minLength, int maxLength, Function<String, T> convert) {
        return new Text<>(minLength, maxLength, null, minLength + ".." + maxLength + " characters", convert);
    }

    /** {@return a text that matches a pattern as a whole}
     *
     *  @param maxLength in characters
     *  @param pattern in the syntax that Java and ECMAScript share
     *  @param expected in words
     *  @param convert converts a matching text */
    static <T> ValueType<T> matching(int maxLength, Pattern pattern, String expected, Function<String, T> convert) {
        return new Text<>(0, maxLength, pattern, expected, convert);
    }

    /** {@return a whole number between two bounds, both allowed} */
    static ValueType<Integer> wholeNumber(int min, int max) {
        return new WholeNumber(min, max);
    }

    /** {@return true or false} */
    static ValueType<Boolean> flag() {
        return new Flag();
    }

    /** {@return one of the constants of an enum, in lower case} */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> choices) {
        return new Choice<>(choices);
    }

    /** {@return a duration with a unit between two bounds, both allowed} */
    static ValueType<Duration> duration(String min, String max) {
        return new TimeSpan(min, max);
    }

    /** {@return a duration with a unit between two bounds, both allowed} */
    static ValueType<Duration> duration(Duration min, Duration max) {
        return duration(written(min), written(max));
    }

    /** {@return a duration as a file has it, in the largest unit that gives a whole number: {@code 10ms}, {@code 2s} or
     *      {@code 10m}} */
    static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    /** {@return what is expected, as in {@code a whole number 1..65535}} */
    String expected();

    /** {@return the converted value of a file; empty if it is not as expected}
     *
     *  @param value a String, a Boolean, or a Number, which is an Integer or a Long if it was written as one */
    Optional<T> read(Object value);

    /** {@return the converted value of a variable; empty if it is not as expected} */
    default Optional<T> readVariable(String text) {
        return read(text);
    }

    /** A text.
     *
     *  @param pattern the pattern that the whole text must match, or null */
    record Text<T>(
            int minLength, int maxLength, @Nullable Pattern pattern, String expected, Function<String, T> convert)
            implements ValueType<T> {

        @Override
        public Optional<T> read(Object value) {
            try {
                return value instanceof String text && fits(text) ? Optional.of(convert.apply(text)) : Optional.empty();
            } catch (IllegalArgumentException finerThanAnyPattern) {
                return Optional.empty();
            }
        }

        private boolean fits(String text) {
            int length = text.codePointCount(0, text.length());
            return length >= minLength
                    && length <= maxLength
                    && (pattern == null || pattern.matcher(text).matches());
        }
    }

    record WholeNumber(int min, int max) implements ValueType<Integer> {

        @Override
        public String expected() {
            return "a whole number " + min + ".." + max;
        }

        @Override
        public Optional<Integer> read(Object value) {
            return value instanceof Integer || value instanceof Long
                    ? within(((Number) value).longValue())
                    : Optional.empty();
        }

        @Override
        public Optional<Integer> readVariable(String text) {
            return text.matches("-?[0-9]{1,18}") ? within(Long.parseLong(text)) : Optional.empty();
        }

        private Optional<Integer> within(long number) {
            return number >= min && number <= max ? Optional.of((int) number) : Optional.empty();
        }
    }

    record Flag() implements ValueType<Boolean> {

        @Override
        public String expected() {
            return "true or false";
        }

        @Override
        public Optional<Boolean> read(Object value) {
            return value instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
        }

        @Override
        public Optional<Boolean> readVariable(String text) {
            return text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty();
        }
    }

    record Choice<E extends Enum<E>>(Class<E> of) implements ValueType<E> {

        @Override
        public String expected() {
            return "one of " + String.join(", ", words());
        }

        /** {@return the words, in the order of the enum} */
        List<String> words() {
            return Arrays.stream(of.getEnumConstants()).map(Choice::word).toList();
        }

        @Override
        public Optional<E> read(Object value) {
            return Arrays.stream(of.getEnumConstants())
                    .filter(constant -> word(constant).equals(value))
                    .findFirst();
        }

        private static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A duration with a unit, such as {@code 2s}, between two bounds, both allowed. */
    record TimeSpan(String min, String max) implements ValueType<Duration> {

        private static final Pattern WITH_UNIT = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,9})?\\s*[a-z]+");

        @Override
        public String expected() {
            return "a duration with a unit, " + min + ".." + max;
        }

        @Override
        public Optional<Duration> read(Object value) {
            if (!(value instanceof String text) || !WITH_UNIT.matcher(text).matches()) {
                return Optional.empty();
            }
            try {
                Duration duration = parsed(text);
                return duration.compareTo(parsed(min)) >= 0 && duration.compareTo(parsed(max)) <= 0
                        ? Optional.of(duration)
                        : Optional.empty();
            } catch (ConfigException | ArithmeticException unknownUnitOrTooLong) {
                return Optional.empty();
            }
        }

        private static Duration parsed(String text) {
            return ConfigFactory.parseMap(Map.of("it", text)).getDuration("it");
        }
    }
}
