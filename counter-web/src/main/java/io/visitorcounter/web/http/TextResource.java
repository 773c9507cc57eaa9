package io.visitorcounter.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text file in the jar, next to a class. */
public final class TextResource {

    private TextResource() {}

    /** {@return the text of a UTF-8 file in the package of a class}
     *
     *  @throws IllegalStateException if it is missing, which means that the jar was built wrongly */
    public static String read(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
