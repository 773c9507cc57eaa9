package io.visitorcounter.web;

import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.config.InvalidConfigException;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.log.GarbageWatch;
import io.visitorcounter.web.log.Logs;
import io.visitorcounter.web.values.LogFormat;
import io.visitorcounter.web.values.LogLevel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the app with the process' variables, and stops it on SIGTERM. */
public final class Main {

    static final int INVALID_CONFIG = 4;
    private static final int NOT_STARTED = 10;

    private Main() {}

    /** Runs until a signal comes.
     *
     *  @param args none; or {@code move STORE} with options: copies counters from the store with this URI to the
     *         configured one. The config comes from {@code CONFIG_FILE} or from the defaults and the variables of
     *         ConfigKeys */
    public static void main(String[] args) {
        setByDefault("io.netty.leakDetection.level", "disabled");
        setByDefault("io.lettuce.core.jfr", "false");
        setByDefault("io.netty.jfr.enabled", "false");
        Logs.install();
        int status = args.length == 0 ? start(System.getenv()) : MoveCommand.run(List.of(args), System.getenv());
        if (status != 0) {
            System.exit(status);
        }
    }

    // Two things are off by default: Netty's tracking of leaked buffers, since no code here handles buffers, and the
    // events of Lettuce and Netty for Java Flight Recorder, which would load all of it.
    private static void setByDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static int start(Map<String, String> environment) {
        boolean json = false;
        try {
            AppConfig config = AppConfig.read(environment);
            json = config.get(ConfigKeys.LOG_FORMAT) == LogFormat.JSON;
            Logs.configure(
                    config.get(ConfigKeys.LOG_LEVEL),
                    config.get(ConfigKeys.LOG_FORMAT),
                    new FileOutputStream(FileDescriptor.out));
            Logger log = LoggerFactory.getLogger(Main.class);
            ReleaseInfo release = ReleaseInfo.of(environment);
            String host = config.get(ConfigKeys.HTTP_HOST);
            App app = App.start(config, release, Clock.systemUTC());
            GarbageWatch.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app, log), "stop"));
            log.info(
                    "listening at http://{}:{}, release {}, counting {} in {}",
                    host.equals("0.0.0.0") ? "localhost" : host,
                    app.port(),
                    release.name() == null ? "none" : release.name(),
                    config.get(ConfigKeys.COUNTER),
                    place(config.storeUri()));
            return 0;
        } catch (InvalidConfigException e) {
            if (e.isJson()) {
                Logs.configure(LogLevel.ERROR, LogFormat.JSON, new FileOutputStream(FileDescriptor.out));
            }
            notStarted(String.valueOf(e.getMessage()), e.isJson());
            return INVALID_CONFIG;
        } catch (StartException e) {
            notStarted(String.valueOf(e.getMessage()), json);
            return e.isConfig() ? INVALID_CONFIG : NOT_STARTED;
        }
    }

    /** Says why, in the log's format. */
    private static void notStarted(String why, boolean json) {
        if (json) {
            why.lines().forEach(LoggerFactory.getLogger(Main.class)::error);
        } else {
            System.err.println(why);
        }
    }

    /** {@return where the store is, for people; a file by its absolute path} */
    private static String place(URI store) {
        return "sqlite".equals(store.getScheme())
                ? "sqlite:"
                        + Path.of(store.getSchemeSpecificPart())
                                .toAbsolutePath()
                                .normalize()
                : store.toString();
    }

    private static void stop(App app, Logger log) {
        app.close();
        log.info("stopped");
        // A signal makes the JVM exit with 143, but this stop was requested and went well.
        Runtime.getRuntime().halt(0);
    }
}
