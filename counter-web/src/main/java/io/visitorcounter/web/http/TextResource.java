package io.visitorcounter.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text that lies in the jar, beside a class. */
public final class TextResource {

    private TextResource() {}

    /** {@return a file in the package of a class, which is UTF-8}
     *
     *  @throws IllegalStateException if it is not there: then the jar was built wrongly */
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
