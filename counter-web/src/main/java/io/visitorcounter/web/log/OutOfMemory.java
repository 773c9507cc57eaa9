package io.visitorcounter.web.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends a process that ran out of memory, so that its platform starts another. Otherwise it would continue with unknown
 *  threads or tasks lost, and might never respond again. In the image the JVM does this itself
 *  ({@code -XX:+ExitOnOutOfMemoryError}); this is for every other way to start.
 *
 *  <p>An error is noticed when a thread dies of it, or when a library catches and logs it. {@link GarbageWatch} handles
 *  the case without an error. */
public final class OutOfMemory {

    /** The exit status that the JVM uses with its own switch. */
    public static final int EXIT = 3;

    private static final int MAX_CAUSES = 20;

    // Undertow logs errors while reading a request only here, at debug.
    private static final String READING = "io.undertow.request.io";

    // Created in advance, since there may be no memory later.
    private static final byte[] LINE =
            "out of memory; exiting, to be started again: give the process more, or lower http.max-connections\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    // Held here, because the log manager holds loggers weakly.
    @SuppressWarnings("UnusedVariable")
    private static @Nullable Logger reading;

    private OutOfMemory() {}

    /** Starts watching. Call it once the loggers have their levels. */
    static void watch() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            endIfIn(thrown);
            Logger.getLogger("io.visitorcounter.web.Main")
                    .log(Level.SEVERE, "thread " + thread.getName() + " ended by a fault", thrown);
        });
        Logger logger = Logger.getLogger(READING);
        boolean wanted = logger.isLoggable(Level.FINE);
        logger.setLevel(Level.FINE);
        logger.setFilter(new ErrorFilter(wanted));
        reading = logger;
    }

    /** Checks each record, and passes it only if wanted. */
    private record ErrorFilter(boolean wanted) implements Filter {

        @Override
        public boolean isLoggable(LogRecord event) {
            endIfIn(event.getThrown());
            return wanted || event.getLevel().intValue() > Level.FINE.intValue();
        }
    }

    /** Ends the process if this is, or was caused by, an out-of-memory error. */
    static void endIfIn(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                end();
            }
            cause = cause.getCause();
        }
    }

    /** Ends the process, with a line. One thread does this; others wait for the end. */
    static synchronized void end() {
        try {
            ERR.write(LINE);
        } catch (IOException e) {
            // nobody reads it; the status says the same
        }
        Runtime.getRuntime().halt(EXIT);
    }
}
