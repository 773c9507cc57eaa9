package io.visitorcounter.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a whole file up to a limit, whatever its path leads to: a pipe has no size and perhaps no writer, and a device
 *  may have no end. */
public final class SmallFile {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private SmallFile() {}

    /** {@return the bytes of a file, a pipe or a device}
     *
     *  @param file which one
     *  @param max how many bytes are allowed
     *  @throws IOException if it can't be read, has more, or is no file and does not end within 30 s */
    public static byte[] read(Path file, int max) throws IOException {
        return read(file, max, PATIENCE);
    }

    static byte[] read(Path file, int max, Duration patience) throws IOException {
        byte[] bytes = Files.isRegularFile(file) ? firstBytes(file, max + 1) : awaited(file, max + 1, patience);
        if (bytes.length > max) {
            throw new FileSystemException(file.toString(), null, "expected at most " + max + " bytes, got more");
        }
        return bytes;
    }

    private static byte[] firstBytes(Path file, int count) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(count);
        }
    }

    // Opening a pipe waits for its writer, and nothing can interrupt that; the thread ends with the process.
    private static byte[] awaited(Path file, int count, Duration patience) throws IOException {
        FutureTask<byte[]> reading = new FutureTask<>(() -> firstBytes(file, count));
        Thread thread = new Thread(reading, "small-file");
        thread.setDaemon(true);
        thread.start();
        try {
            return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "expected a file, got a pipe or device that did not end within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FileSystemException(file.toString(), null, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
