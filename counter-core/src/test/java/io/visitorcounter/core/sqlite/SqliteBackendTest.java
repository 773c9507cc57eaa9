package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;
import io.visitorcounter.core.spi.Batch;
import io.visitorcounter.core.spi.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread, and what the code it calls may do to it. */
final class SqliteBackendTest extends BackendContract {

    private static final CounterValue NOTHING = new CounterValue(0, 0);

    @TempDir
    private Path folder;

    private SqliteBackend backend;

    @Override
    protected Backend openBackend(CounterOptions options) {
        SqliteFile file = new SqliteFile(folder.resolve("contract.db")).open();
        return new SqliteBackend(file, Clock.systemUTC(), options.idWindow());
    }

    /** A transaction is committed or not, and where nobody knows it is not tried again. */
    @Override
    protected boolean losesAnswers() {
        return false;
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    @BeforeEach
    void openOne() {
        SqliteFile file = new SqliteFile(folder.resolve("visitors.db")).open();
        backend = new SqliteBackend(file, Clock.systemUTC(), Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void anErrorInOneAnswerHarmsNoOtherOfTheSameTransaction() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        backend.write(batch("first"), outcome -> await(queued));
        CompletableFuture<Outcome> other = new CompletableFuture<>();
        backend.write(batch("bad"), outcome -> {
            throw new NoClassDefFoundError("a class of the test");
        });
        backend.write(batch("other"), other::complete);
        queued.countDown();

        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Written(1, 0, false, null));
        assertThat(written("bad")).isEqualTo(new Outcome.Written(2, 0, false, null));
    }

    @Test
    void anInterruptInAnAnswerStopsNothing() throws Exception {
        for (int i = 1; i <= 20; i++) {
            backend.write(batch("home"), outcome -> Thread.currentThread().interrupt());
        }

        assertThat(written("home")).isEqualTo(new Outcome.Written(21, 0, false, null));
    }

    @Test
    void aRowOfAnotherHandThatCanNotBeReadIsAnswered() throws Exception {
        sql("INSERT INTO hour(counter, hour, visits) VALUES('home', " + Long.MAX_VALUE / 3600 + ", 1)");

        CompletableFuture<?> read =
                backend.history(CounterName.of("home"), 0, Long.MAX_VALUE).toCompletableFuture();

        assertThat(read)
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(DateTimeException.class);
        assertThat(written("home")).isEqualTo(new Outcome.Written(1, 0, false, null));
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("visitors.db"));
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private Outcome written(String name) throws Exception {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        backend.write(batch(name), answer::complete);
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static Batch batch(String name) {
        return new Batch(CounterName.of(name), "lane:x", 0, 1, NOTHING);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
