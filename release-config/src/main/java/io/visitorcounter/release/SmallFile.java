package io.visitorcounter.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a whole file up to a limit, whatever its path leads to: a pipe has no size, and a device may have no end. */
public final class SmallFile {

    private SmallFile() {}

    /** {@return the bytes of a file, a pipe or a device}
     *
     *  @param file which one
     *  @param max how many bytes are allowed
     *  @throws IOException if it can't be read, or has more */
    public static byte[] read(Path file, int max) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new FileSystemException(file.toString(), null, "expected at most " + max + " bytes, got more");
            }
            return bytes;
        }
    }
}
