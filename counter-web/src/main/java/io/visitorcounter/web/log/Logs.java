package io.visitorcounter.web.log;

import io.visitorcounter.web.values.LogFormat;
import io.visitorcounter.web.values.LogLevel;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Sets up the process' logging. */
public final class Logs {

    private static final Map<LogLevel, Level> LEVELS = Map.of(
            LogLevel.ERROR, Level.SEVERE,
            LogLevel.WARN, Level.WARNING,
            LogLevel.INFO, Level.INFO,
            LogLevel.DEBUG, Level.FINE);

    // Their info messages are no use to an operator: versions, worker pools, native transports.
    private static final List<String> QUIET =
            List.of("io.undertow", "org.xnio", "org.jboss.threads", "io.netty", "io.lettuce", "reactor", "org.sqlite");

    // The store logs what they complain about, once and with the next step. The level from which they still log:
    private static final Map<String, Level> SILENT = Map.of("io.lettuce", Level.SEVERE, "org.sqlite", Level.OFF);

    // Held here, because the log manager holds loggers weakly and would forget their levels. Not created before
    // install(), because the first logger fixes the log manager.
    private static List<Logger> held = List.of();

    private Logs() {}

    /** Chooses the log manager. Call it before anything logs. */
    public static void install() {
        System.setProperty("java.util.logging.manager", KeptUntilHalt.class.getName());
        System.setProperty("org.jboss.logging.provider", "jdk");
    }

    /** Writes every event of this level or above to a stream, one per line, in UTF-8. */
    public static void configure(LogLevel level, LogFormat format, OutputStream out) {
        Level min = LEVELS.getOrDefault(level, Level.INFO);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.setLevel(min);
        Level quiet = min.intValue() >= Level.INFO.intValue() ? max(min, Level.WARNING) : Level.INFO;
        held = QUIET.stream().map(Logger::getLogger).toList();
        held.forEach(logger -> logger.setLevel(quiet));
        if (min.intValue() >= Level.INFO.intValue()) {
            held.forEach(logger -> logger.setLevel(SILENT.getOrDefault(logger.getName(), quiet)));
        }
        root.addHandler(handler(format, out));
        OutOfMemory.watch();
    }

    private static Handler handler(LogFormat format, OutputStream out) {
        StreamHandler handler = new StreamHandler(out, format == LogFormat.JSON ? new JsonLine() : new TextLine()) {
            @Override
            public synchronized void publish(java.util.logging.LogRecord event) {
                OutOfMemory.endIfIn(event.getThrown());
                super.publish(event);
                flush();
            }
        };
        try {
            handler.setEncoding(StandardCharsets.UTF_8.name());
        } catch (java.io.UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
        handler.setLevel(Level.ALL);
        return handler;
    }

    private static Level max(Level a, Level b) {
        return a.intValue() > b.intValue() ? a : b;
    }

    /** The JDK's log manager drops every handler as soon as the JVM begins to stop. This one keeps them, since an
     *  operator needs the lines about stopping. */
    public static final class KeptUntilHalt extends LogManager {

        @Override
        public void reset() {
            // kept: the handler writes through, so there is nothing to close
        }
    }
}
