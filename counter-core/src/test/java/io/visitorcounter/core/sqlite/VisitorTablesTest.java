package io.visitorcounter.core.sqlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.DailyVisitors;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VisitorTablesTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 29);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("visitors.db");
    }

    private static byte[] salt(char of) {
        byte[] salt = new byte[32];
        Arrays.fill(salt, (byte) of);
        return salt;
    }

    private List<String> tables() throws Exception {
        List<String> names = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }

    @Test
    void aFileWhoseVisitorsNobodyNotesHasNoTablesForThem() throws Exception {
        try (CounterStore store = CounterStore.open(URI.create("sqlite:" + file), CounterOptions.defaults())) {
            store.counter(HOME).visit(Duration.ofSeconds(10));
            store.counter(HOME).health().toCompletableFuture().join();
        }
        assertThat(tables()).containsExactly("counter", "hour", "id");

        try (CounterStore store = CounterStore.open(URI.create("sqlite:" + file), CounterOptions.defaults())) {
            store.counter(HOME).noteVisitor("alice").toCompletableFuture().join();
            // It tries a visit and takes it back, and the statements for visitors with it.
            store.counter(HOME).health().toCompletableFuture().join();
            store.counter(HOME).noteVisitor("alice").toCompletableFuture().join();
            assertThat(store.counter(HOME).visitorsToday().toCompletableFuture().join())
                    .isEqualTo(1);
        }
        assertThat(tables()).containsExactly("counter", "hour", "id", "salt", "sketch");
    }

    @Test
    void aSaltIsOverwrittenWhenItsDayIsOver() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            VisitorTables tables = new VisitorTables(connection);
            assertThat(tables.salt(HOME, DAY, salt('S'))).isEqualTo(salt('S'));
            assertThat(tables.salt(HOME, DAY, salt('T'))).isEqualTo(salt('S'));
            assertThat(Files.readString(file, ISO_8859_1)).contains("S".repeat(32));

            tables.salt(HOME, DAY.plusDays(1), salt('U'));

            assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("S".repeat(32));
            tables.forgetSaltsBefore(DAY.plusDays(2));
            assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("U".repeat(32));
        }
    }

    @Test
    void sketchesAreKeptForAMonth() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            VisitorTables tables = new VisitorTables(connection);
            LocalDate last = DAY.plusDays(40);
            for (LocalDate day = DAY; !day.isAfter(last); day = day.plusDays(1)) {
                tables.salt(HOME, day, salt('S'));
                tables.note(HOME, day, day.toEpochDay() * 0x9e3779b97f4a7c15L);
            }

            List<DailyVisitors> days = tables.days(HOME, DAY, last.plusDays(1));

            assertThat(days).hasSize(DailyVisitors.KEPT_DAYS).allMatch(day -> day.visitors() == 1);
            assertThat(days.get(days.size() - 1).day()).isEqualTo(last);
        }
    }
}
