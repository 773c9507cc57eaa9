package io.visitorcounter.web;

import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.CounterName;
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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** {@code move STORE}: copies counters from another store to the configured one, and exits. */
final class MoveCommand {

    private static final int WRONG_ARGUMENTS = 2;
    private static final int NOT_MOVED = 10;

    /** Long, since a store with many counters is read as a whole. */
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private static final String USAGE =
            "arguments: expected none, or move STORE [--counters NAME,NAME] [--prefix PREFIX]"
                    + " [--dry-run] [--replace], where STORE is a URI such as sqlite:data/visitors.db";

    private MoveCommand() {}

    /** {@return the exit status; results go to standard output, errors to standard error} */
    static int run(List<String> args, Map<String, String> environment) {
        URI source;
        Move.Selection selection;
        try {
            if (!args.get(0).equals("move") || args.size() < 2) {
                throw new IllegalArgumentException(USAGE);
            }
            source = URI.create(args.get(1));
            selection = selection(new ArrayDeque<>(args.subList(2, args.size())));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return WRONG_ARGUMENTS;
        }
        try {
            AppConfig config = AppConfig.read(environment);
            Logs.configure(
                    config.get(ConfigKeys.LOG_LEVEL),
                    config.get(ConfigKeys.LOG_FORMAT),
                    new FileOutputStream(FileDescriptor.err));
            return move(source, config, selection);
        } catch (InvalidConfigException e) {
            System.err.println(e.getMessage());
            return Main.INVALID_CONFIG;
        } catch (IllegalArgumentException | CounterException e) {
            System.err.println(e.getMessage());
            return NOT_MOVED;
        }
    }

    private static Move.Selection selection(Deque<String> options) {
        List<CounterName> only = List.of();
        String prefix = "";
        boolean replace = false;
        boolean dryRun = false;
        while (!options.isEmpty()) {
            String option = options.remove();
            switch (option) {
                case "--replace" -> replace = true;
                case "--dry-run" -> dryRun = true;
                case "--prefix" -> prefix = value(option, options);
                case "--counters" ->
                    only = Arrays.stream(value(option, options).split(",", -1))
                            .map(CounterName::of)
                            .distinct()
                            .toList();
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new Move.Selection(only, prefix, replace, dryRun);
    }

    private static String value(String option, Deque<String> options) {
        String value = options.poll();
        if (value == null) {
            throw new IllegalArgumentException(option + ": expected a value; " + USAGE);
        }
        return value;
    }

    private static int move(URI source, AppConfig config, Move.Selection selection) {
        CounterOptions reading = CounterOptions.builder().deadline(DEADLINE).build();
        CounterOptions writing = config.storeOptions().deadline(DEADLINE).build();
        try (CounterStore from = CounterStore.open(source, reading);
                CounterStore to = CounterStore.open(config.storeUri(), writing)) {
            List<String> faults = new Move(from, to, Clock.systemUTC()).run(selection, System.out::println);
            faults.forEach(System.err::println);
            return faults.isEmpty() ? 0 : NOT_MOVED;
        }
    }
}
