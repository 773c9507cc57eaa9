package io.visitorcounter.release.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One config file that was read.
 *
 *  @param path within the folder
 *  @param text without a byte order mark
 *  @param statements what it says, in its order */
record SourceFile(String path, String text, List<Statement> statements) {

    /** The 1-based line where the bytes stop being UTF-8; empty if they are UTF-8 all through. */
    static Optional<Integer> firstLineNotUtf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length + 1), true);
        return result.isError() ? Optional.of(lineAt(bytes, in.position())) : Optional.empty();
    }

    private static int lineAt(byte[] bytes, int end) {
        int line = 1;
        for (int i = 0; i < end; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
