package io.visitorcounter.web;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.config.InvalidConfigException;
import io.visitorcounter.web.log.Logs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code move STORE [--replace]}: copies the counters of another store to the configured one, and ends. */
final class MoveCommand {

    private static final int WRONG_ARGUMENTS = 2;
    private static final int NOT_MOVED = 10;

    /** A store with many counters is read as a whole. */
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private MoveCommand() {}

    /** {@return the exit status; what happened stands on the output, what is wrong on the error output} */
    static int run(List<String> args, Map<String, String> environment) {
        boolean replace = args.size() == 3 && args.get(2).equals("--replace");
        if (!args.get(0).equals("move") || args.size() < 2 || args.size() > 3 || (args.size() == 3 && !replace)) {
            System.err.println("arguments: expected none, or move STORE [--replace], where STORE is a URI such as"
                    + " sqlite:data/visitors.db");
            return WRONG_ARGUMENTS;
        }
        try {
            AppConfig config = AppConfig.read(environment);
            Logs.configure(
                    config.get(ConfigKeys.LOG_LEVEL),
                    config.get(ConfigKeys.LOG_FORMAT),
                    new FileOutputStream(FileDescriptor.err));
            return move(URI.create(args.get(1)), config, replace);
        } catch (InvalidConfigException e) {
            System.err.println(e.getMessage());
            return Main.INVALID_CONFIG;
        } catch (IllegalArgumentException | CounterException e) {
            System.err.println(e.getMessage());
            return NOT_MOVED;
        }
    }

    private static int move(URI source, AppConfig config, boolean replace) {
        CounterOptions reading = CounterOptions.builder().deadline(DEADLINE).build();
        CounterOptions writing = config.storeOptions().deadline(DEADLINE).build();
        try (CounterStore from = CounterStore.open(source, reading);
                CounterStore to = CounterStore.open(config.storeUri(), writing)) {
            List<String> faults = new Move(from, to, Clock.systemUTC()).run(replace, System.out::println);
            faults.forEach(System.err::println);
            return faults.isEmpty() ? 0 : NOT_MOVED;
        }
    }
}
