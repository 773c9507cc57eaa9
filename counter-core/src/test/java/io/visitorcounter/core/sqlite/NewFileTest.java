package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file that several open while it is made. */
final class NewFileTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int STORES = 4;
    private static final int ROUNDS = 30;

    @TempDir
    private Path folder;

    @Test
    void storesThatMakeItAtOnceCountTogether() throws Exception {
        CyclicBarrier start = new CyclicBarrier(STORES);
        ExecutorService openers = Executors.newFixedThreadPool(STORES);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                URI uri = URI.create("sqlite:" + folder.resolve("new-" + round + ".db"));
                List<Future<Long>> numbers = openers.invokeAll(Collections.nCopies(STORES, () -> {
                    start.await(60, TimeUnit.SECONDS);
                    try (CounterStore store = CounterStore.open(
                            uri, CounterOptions.builder().deadline(SOON).build())) {
                        return store.counter(HOME).visit(SOON).number();
                    }
                }));

                List<Long> given = new ArrayList<>();
                for (Future<Long> number : numbers) {
                    given.add(number.get());
                }
                assertThat(given).as("round %d", round).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
            }
        } finally {
            openers.shutdownNow();
        }
    }

    @Test
    void itIsSeenAsItWasWhereAnotherMakesItMeanwhile() throws SQLException {
        Path path = folder.resolve("visitors.db");
        SqliteFile file = new SqliteFile(path);
        AtomicInteger made = new AtomicInteger();
        try (Connection connection = file.connect()) {
            // Only with this log can another process write while one reads.
            try (Statement sql = connection.createStatement()) {
                sql.execute("PRAGMA journal_mode=WAL");
            }

            file.prepare(afterFirstQuery(connection, () -> {
                new SqliteFile(path).open();
                made.incrementAndGet();
            }));
        }

        assertThat(made).hasValue(1);
    }

    /** {@return the connection, which does something else once its first query has an answer} */
    private static Connection afterFirstQuery(Connection connection, Runnable otherwise) {
        AtomicBoolean done = new AtomicBoolean();
        return forwarding(Connection.class, connection, (method, answer) -> {
            assertThat(method).isEqualTo("createStatement");
            return forwarding(Statement.class, (Statement) answer, (query, rows) -> {
                if (query.equals("executeQuery") && done.compareAndSet(false, true)) {
                    otherwise.run();
                }
                return rows;
            });
        });
    }

    /** {@return what passes every call on, and its answer through a function of the method's name and the answer} */
    private static <T> T forwarding(Class<T> type, T to, BiFunction<String, Object, Object> through) {
        InvocationHandler handler = (proxy, method, words) -> through.apply(method.getName(), method.invoke(to, words));
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
