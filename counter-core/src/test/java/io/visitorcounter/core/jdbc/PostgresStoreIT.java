package io.visitorcounter.core.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** And so does the same store over a real server, which may be killed. */
class PostgresStoreIT extends CounterStoreContract {

    private static @Nullable PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    private static PostgresServer server() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(server().uri(), options);
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(server().uri());
    }

    @Override
    protected boolean overwrite(CounterName name, long value) {
        try (Connection connection = DriverManager.getConnection("jdbc:" + server().uri());
                PreparedStatement update =
                        connection.prepareStatement("UPDATE counter SET amount = ? WHERE name = ?")) {
            update.setLong(1, value);
            update.setString(2, name.text());
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aServerThatWasKilledHasEveryVisitThatWasAnswered() throws Exception {
        try (CounterStore store = openStore(
                CounterOptions.builder().deadline(Duration.ofSeconds(10)).build())) {
            VisitorCounter counter = store.counter(CounterName.of("killed"));
            assertThat(counter.visit(5).toCompletableFuture().get().last()).isEqualTo(5);

            server().restart();

            assertThat(counter.visit(Duration.ofSeconds(20))).isEqualTo(new Visit(6, 0, false));
            assertThat(store.health().up()).isTrue();
        }
    }
}
