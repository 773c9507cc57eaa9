package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Reads arguments into values; what is wrong with one is a usage error. */
final class Arguments {

    private Arguments() {}

    static <T> T checked(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /** {@return what a user said; empty where that was nothing or blank, as a form's empty field is} */
    static Optional<String> words(@Nullable String given) {
        return Optional.ofNullable(given).filter(text -> !text.isBlank());
    }

    /** Reads {@code prod}. */
    static final class EnvironmentConverter implements CommandLine.ITypeConverter<Environment> {

        @Override
        public Environment convert(String text) {
            return checked(() -> new Environment(text));
        }
    }

    /** Reads {@code v12} or {@code 12}. */
    static final class VersionConverter implements CommandLine.ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            // An environment stands in for the one that the other argument names.
            return checked(() -> ReleaseId.parse("any@" + text).version());
        }
    }
}
