package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.function.Supplier;
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
