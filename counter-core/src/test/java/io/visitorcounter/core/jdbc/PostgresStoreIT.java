package io.visitorcounter.core.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** And so does the same store over a real server, which may be killed. */
class PostgresStoreIT extends CounterStoreContract {

    @RegisterExtension
    static final PostgresOfTheClass POSTGRES = new PostgresOfTheClass();

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(POSTGRES.server().uri(), options);
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(POSTGRES.server().uri());
    }

    @Override
    protected boolean overwrite(CounterName name, long value) {
        return ForeignHand.overwrite("jdbc:" + POSTGRES.server().uri(), name, value);
    }

    @Test
    void aServerThatWasKilledHasEveryVisitThatWasAnswered() throws Exception {
        try (CounterStore store = openStore(
                CounterOptions.builder().deadline(Duration.ofSeconds(10)).build())) {
            VisitorCounter counter = store.counter(CounterName.of("killed"));
            assertThat(counter.visit(5).toCompletableFuture().get().last()).isEqualTo(5);

            POSTGRES.server().restart();

            assertThat(counter.visit(Duration.ofSeconds(20))).isEqualTo(new Visit(6, 0, false));
            assertThat(store.health().up()).isTrue();
        }
    }
}
