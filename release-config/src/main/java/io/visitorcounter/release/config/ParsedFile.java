package io.visitorcounter.release.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One config file that was read.
 *
 *  @param path within the folder
 *  @param text all of it
 *  @param outline what it says */
record ParsedFile(String path, String text, Outline outline) {

    /** The 1-based line where the bytes stop being UTF-8; empty if they are UTF-8 all through. */
    static Optional<Integer> firstLineNotUtf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length + 1), true);
        return result.isError() ? Optional.of(1 + newlines(bytes, in.position())) : Optional.empty();
    }

    /** The 1-based line of the first match; 0 if there is none. */
    static int firstLineWith(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find()
                ? 1
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                : 0;
    }

    private static int newlines(byte[] bytes, int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            count += bytes[i] == '\n' ? 1 : 0;
        }
        return count;
    }
}
