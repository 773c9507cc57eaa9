package io.visitorcounter.web.page;

import io.undertow.util.Headers;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.http.TextResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that the page needs, kept in memory.
 *
 *  @param path its URL's path
 *  @param type its content type
 *  @param text what it holds */
public record Asset(String path, String type, String text) {

    /** {@return the style sheet} */
    public static Asset css() {
        return new Asset("/assets/page.css", "text/css; charset=utf-8", resource("page.css"));
    }

    /** {@return the script} */
    public static Asset js() {
        return new Asset("/assets/page.js", "text/javascript; charset=utf-8", resource("page.js"));
    }

    /** {@return the icon} */
    public static Asset icon() {
        return new Asset("/assets/icon.svg", "image/svg+xml", resource("icon.svg"));
    }

    /** {@return the path with a digest of the text, so that caches can keep it forever} */
    public String versioned() {
        return path + "?" + digest(text);
    }

    /** {@return the file} */
    public Response response() {
        return Response.ok(type, text).with(Headers.CACHE_CONTROL, "public, max-age=31536000, immutable");
    }

    private static String resource(String name) {
        return TextResource.read(Asset.class, name);
    }

    private static String digest(String text) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
