package io.visitorcounter.web;

import io.visitorcounter.web.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The description of every URL, for machines. A test holds it to the {@link Routes}. */
final class OpenApi {

    private static final Response ANSWER = Response.ok(Response.JSON, text());

    private OpenApi() {}

    static Response response() {
        return ANSWER;
    }

    private static String text() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json: not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
