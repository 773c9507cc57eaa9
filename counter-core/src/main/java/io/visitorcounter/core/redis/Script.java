package io.visitorcounter.core.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script that the server runs, atomically.
 *
 *  @param text its source
 *  @param sha1 the digest of the source, by which the server finds a script that it knows */
record Script(String text, String sha1) {

    static final Script VISIT = of("visit.lua");
    static final Script CHANGE = of("change.lua");
    static final Script VALUE = of("value.lua");
    static final Script CHECK = of("check.lua");

    private static Script of(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing beside " + Script.class.getName());
            }
            byte[] source = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
            return new Script(
                    new String(source, StandardCharsets.UTF_8), HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
