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

/** Ends a process that ran out of memory, so that its platform starts another: one that goes on has lost threads or
 *  tasks, nobody knows which, and may never respond again. In the image the JVM does so itself
 *  ({@code -XX:+ExitOnOutOfMemoryError}); this is for every other way to start.
 *
 *  <p>An error is met where it ends: where a thread dies of it, and where a library caught it and logs it. Where none comes,
 *  {@link GarbageWatch} finds out. */
public final class OutOfMemory {

    /** The status that the JVM ends with by its own switch. */
    public static final int EXIT = 3;

    private static final int MAX_CAUSES = 20;

    // Undertow says only here, at debug, what it met while it read a request.
    private static final String READING = "io.undertow.request.io";

    // Made beforehand: there may be no memory to make it.
    private static final byte[] LINE =
            "out of memory; exiting, to be started again: give the process more, or lower http.max-connections\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    // Held here, because the log manager holds loggers weakly.
    @SuppressWarnings("UnusedVariable")
    private static @Nullable Logger reading;

    private OutOfMemory() {}

    /** Begins to watch; to be called once the loggers have their levels. */
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

    /** Lets records through as far as they are wanted. */
    private record ErrorFilter(boolean wanted) implements Filter {

        @Override
        public boolean isLoggable(LogRecord event) {
            endIfIn(event.getThrown());
            return wanted || event.getLevel().intValue() > Level.FINE.intValue();
        }
    }

    /** Ends the process if this is, or was caused by, a lack of memory. */
    static void endIfIn(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                end();
            }
            cause = cause.getCause();
        }
    }

    /** Ends the process, with its line. One thread does; others that meet the same wait for the end. */
    static synchronized void end() {
        try {
            ERR.write(LINE);
        } catch (IOException e) {
            // nobody reads it; the status says the same
        }
        Runtime.getRuntime().halt(EXIT);
    }
}
