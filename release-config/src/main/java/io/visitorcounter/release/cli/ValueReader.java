package io.visitorcounter.release.cli;

import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.PrintableText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the values of options and arguments. An invalid one throws an IllegalArgumentException that says what was
 *  expected and what was found. */
final class ValueReader {

    private ValueReader() {}

    static <T> Function<String, T> of(Class<T> type) {
        if (type == int.class || type == Integer.class) {
            return text -> cast(type, number(text));
        }
        if (type == Path.class) {
            return text -> cast(type, path(text));
        }
        if (type.isEnum()) {
            return text -> constant(type, text);
        }
        return text -> cast(type, text);
    }

    // int.class can't cast a boxed value.
    @SuppressWarnings("unchecked")
    private static <T> T cast(Class<T> type, Object value) {
        return type.isPrimitive() ? (T) value : type.cast(value);
    }

    private static Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a whole number, got " + PrintableText.quoted(text) + LookalikeLetters.note(text), e);
        }
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("expected a path, got nothing");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected a path, got " + PrintableText.quoted(text), e);
        }
    }

    private static <T> T constant(Class<T> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> word(each).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected "
                        + Arrays.stream(type.getEnumConstants())
                                .map(ValueReader::word)
                                .collect(Collectors.joining(" or "))
                        + ", got " + PrintableText.quoted(text) + LookalikeLetters.note(text)));
    }

    /** {@return the word for a constant of an enum} */
    static String word(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
