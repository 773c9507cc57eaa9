package io.visitorcounter.core.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.CounterValue;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteStoreTest extends CounterStoreContract {

    private static final CounterName HOME = CounterName.of("home");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(URI.create("sqlite:" + folder.resolve("visitors.db")), options);
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(URI.create("sqlite:" + folder.resolve("visitors.db")));
    }

    @Override
    protected boolean overwrite(CounterName name, long value) {
        try {
            sql(folder.resolve("visitors.db"), "UPDATE counter SET value = " + value + " WHERE name = '" + name + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    private static CounterStore open(Path file) {
        return CounterStore.open(
                URI.create("sqlite:" + file),
                CounterOptions.builder().deadline(SOON).build());
    }

    @Test
    void theCountSurvivesAClose() throws Exception {
        Path file = folder.resolve("deep/er/visitors.db");
        try (CounterStore store = open(file)) {
            store.counter(HOME).visit(SOON);
        }

        try (CounterStore store = open(file)) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(2);
        }
    }

    @Test
    void aForeignFileIsRefusedAndLeftAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "these are somebody's notes, and not a database");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage(file + ": expected an SQLite file, got something else; it was left as it is");
        assertThat(file).hasContent("these are somebody's notes, and not a database");
    }

    @Test
    void anotherProgramsDatabaseIsRefused() throws SQLException {
        Path file = folder.resolve("shop.db");
        sql(file, "CREATE TABLE orders(id INTEGER)");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + ": expected a counter's file, got another program's SQLite file");
    }

    @Test
    void aNewerLayoutIsRefused() throws SQLException {
        Path file = folder.resolve("newer.db");
        open(file).close();
        sql(file, "PRAGMA user_version=7");

        assertThatThrownBy(() -> open(file)).hasMessageContaining("expected layout 1 or older, got 7");
    }

    @Test
    void aCorruptFileIsRefused() throws Exception {
        Path file = folder.resolve("corrupt.db");
        try (CounterStore store = open(file)) {
            store.counter(HOME).visit(SOON);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(4096);
            bytes.write(new byte[8192]);
        }

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessage(file + ": the file is corrupt; restore it from a backup or choose another");
    }

    @Test
    void aReadOnlyFileIsRefused() throws Exception {
        Path file = folder.resolve("read-only.db");
        open(file).close();
        // A write version that SQLite does not know makes the file read-only to it (sqlite.org/fileformat.html 1.3.3),
        // for root too.
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(18);
            bytes.write(3);
        }

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + ": can't be written");
    }

    @Test
    void aFolderThatCanNotBeMadeIsRefusedByName() throws IOException {
        Path inTheWay = Files.createFile(folder.resolve("file"));
        Path file = inTheWay.resolve("visitors.db");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(file + ": its folder can't be made");
    }

    @Test
    void aFolderInPlaceOfTheFileIsRefused() {
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(folder + ": expected a file, got a folder");
    }

    @Test
    void aFileThatWasDeletedWhileOpenCountsNothingMore() throws Exception {
        Path file = folder.resolve("deleted.db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(SOON);

            Files.delete(file);

            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("moved, emptied or deleted");
            assertThat(store.health().up()).isFalse();
        }
    }

    @Test
    void aFileThatWasEmptiedWhileOpenCountsNothingMore() throws Exception {
        Path file = folder.resolve("emptied.db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(SOON);

            Files.write(file, new byte[0]);

            assertThat(counter.health().toCompletableFuture().get().detail()).contains("moved, emptied or deleted");
            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("moved, emptied or deleted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-wal", "-shm"})
    void withoutTheLogNothingMoreIsCountedAndNothingIsLost(String suffix) throws Exception {
        Path file = folder.resolve("log" + suffix + ".db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(3).toCompletableFuture().get();

            Files.delete(folder.resolve(file.getFileName() + suffix));

            assertThat(counter.health().toCompletableFuture().get().detail()).contains("-wal or -shm", "start again");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> counter.visit(SOON))
                        .isInstanceOf(NotCountedException.class)
                        .hasMessageContaining("-wal or -shm");
            }
            assertThat(store.health().up()).isFalse();
        }
        try (CounterStore store = open(file)) {
            assertThat(store.counter(HOME).visit(SOON).number()).isEqualTo(4);
        }
    }

    @Test
    void replicasAreMoreThanAFileCanPromise() {
        CounterOptions replicated = CounterOptions.builder()
                .durability(new Durability.Replicated(1))
                .build();

        assertThatThrownBy(() -> openStore(replicated))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("got replicated(1)");
    }

    @Test
    void aValueThatWentBackwardsBeginsANewGeneration() throws Exception {
        Path file = folder.resolve("restored.db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(5).toCompletableFuture().get();

            sql(file, "UPDATE counter SET value = 2");

            assertThat(counter.value().toCompletableFuture().get().generation()).isEqualTo(1);
            assertThat(counter.visit(SOON).number()).isEqualTo(3);
            assertThat(counter.visit(SOON).generation()).isEqualTo(1);
        }
    }

    @Test
    void aValueBelowZeroIsNotCountedAndNotRead() throws Exception {
        Path file = folder.resolve("edited.db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(SOON);

            sql(file, "UPDATE counter SET value = -5");

            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("row \"home\": expected a value of 0..999999999999999")
                    .hasMessageContaining("got -5");
            assertThat(counter.visit(2).toCompletableFuture()).failsWithin(SOON);
            assertThat(counter.value().toCompletableFuture())
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(StoreException.class)
                    .withMessageContaining("got -5");
            sql(file, "UPDATE counter SET value = 7");
            assertThat(counter.visit(SOON).number()).isEqualTo(8);
        }
    }

    @Test
    void aValueEndsWhereRedisEnds() throws Exception {
        Path file = folder.resolve("ceiling.db");
        try (CounterStore store = open(file)) {
            VisitorCounter counter = store.counter(HOME);
            counter.visit(SOON);
            sql(file, "UPDATE counter SET value = 999999999999998, top = 999999999999998");

            assertThat(counter.visit(2).toCompletableFuture()).failsWithin(SOON);
            assertThat(counter.visit(SOON).number()).isEqualTo(CounterValue.MAX);
            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("can't grow beyond 999999999999999");
            assertThat(counter.value().toCompletableFuture().get().value()).isEqualTo(CounterValue.MAX);
        }
    }

    @Test
    void aCopyOfTheFileAloneSoonHasEveryVisit() throws Exception {
        Path file = folder.resolve("copied.db");
        try (CounterStore store = open(file)) {
            store.counter(HOME).visit(11).toCompletableFuture().get();
            Path copy = folder.resolve("copy.db");

            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            long value = 0;
            while (value != 11 && System.nanoTime() < until) {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                value = value(copy);
            }

            assertThat(value).isEqualTo(11);
        }
    }

    private static long value(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT total(value) FROM counter")) {
            return row.getLong(1);
        } catch (SQLException e) {
            return 0; // made without its tables, or while they were written
        }
    }

    @Test
    void anInterruptedThreadCanOpenAFileThatIsThere() {
        Path file = folder.resolve("interrupted.db");
        open(file).close();

        Thread.currentThread().interrupt();
        try (CounterStore store = open(file)) {
            assertThat(store.health().up()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatKeepsTheFileFromBeingWrittenIsNamedWithItsNextStep() {
        assertThat(SqliteFile.whyNotWritable(true, false, true, false))
                .contains("its file system is read-only; mount it writable");
        assertThat(SqliteFile.whyNotWritable(false, false, true, true)).contains("user write the folder");
        assertThat(SqliteFile.whyNotWritable(false, true, true, false)).contains("user write it");
        assertThat(SqliteFile.whyNotWritable(false, true, true, true)).contains("owner and mode");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anErrorOfTheDiskForWantOfRoomIsAFullDisk(boolean full) {
        SqliteFile file = new SqliteFile(folder.resolve("full.db")) {
            @Override
            boolean isDiskFull() {
                return full;
            }
        };

        assertThat(new SqliteFault(10, "[SQLITE_IOERR_SHMSIZE]").reason(file))
                .isEqualTo(
                        full
                                ? "the disk is full; make room"
                                : "the disk failed: [SQLITE_IOERR_SHMSIZE]; check the disk");
        assertThat(new SqliteFile(folder.resolve("room.db")).isDiskFull()).isFalse();
    }

    @Test
    void aVisitWaitsForTheLockOfAnotherProgram() throws Exception {
        Path file = folder.resolve("locked.db");
        try (CounterStore store = open(file);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            var visit = store.counter(HOME).visit().toCompletableFuture();
            assertThat(visit).isNotDone();

            statement.execute("COMMIT");

            assertThat(visit.get().number()).isEqualTo(1);
        }
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
