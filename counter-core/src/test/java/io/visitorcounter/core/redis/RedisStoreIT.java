package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.Visit;
import io.visitorcounter.core.VisitId;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.core.contract.CounterStoreContract;
import io.visitorcounter.core.contract.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisStoreIT extends CounterStoreContract {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final RedisServer redis = RedisServer.shared();
    private final CounterName name = CounterName.of("redis-" + UUID.randomUUID());

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(redis.uri(), options);
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(redis.uri());
    }

    @Override
    protected boolean overwrite(CounterName counter, long value) {
        redis.command("SET", counter.text(), Long.toString(value));
        return true;
    }

    private CounterStore open() {
        return openStore(CounterOptions.builder().deadline(SOON).build());
    }

    @Test
    void theValueIsAPlainIntegerThatOtherProgramsShare() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            counter.visit(SOON);

            assertThat(redis.command("GET", name.text())).isEqualTo("1");
            assertThat(redis.command("INCR", name.text())).isEqualTo("2");
            assertThat(counter.visit(SOON)).isEqualTo(new Visit(3, 0, false));
        }
    }

    @Test
    void aValueThatWasThereBeforeIsCountedOn() throws Exception {
        redis.command("SET", name.text(), "18815");

        try (CounterStore store = open()) {
            assertThat(store.counter(name).visit(SOON)).isEqualTo(new Visit(18816, 0, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "007", "00", "-5", "+7", " 12", "3.5", "1e3", "", "9223372036854775807"})
    void aKeyThatHoldsNoCountIsSaidPlainlyAndNothingIsTouched(String value) {
        redis.command("SET", name.text(), value);

        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);

            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("key \"" + name + "\": expected an integer");
            assertThatThrownBy(() -> counter.value().toCompletableFuture().get())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("expected an integer");
        }
        assertThat(redis.command("GET", name.text())).isEqualTo(value);
        assertThat(redis.command("KEYS", "*" + name + "*")).isEqualTo(name.text());
    }

    @Test
    void aCounterThatCannotGrowIsSaidPlainlyAndNothingIsTouched() throws Exception {
        redis.command("SET", name.text(), "999999999999998");

        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);

            assertThat(counter.visit(SOON).number()).isEqualTo(999_999_999_999_999L);
            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("expected an integer that can grow");
            assertThat(counter.value().toCompletableFuture().get().value()).isEqualTo(999_999_999_999_999L);
            assertThat(counter.health().toCompletableFuture().get().up()).isFalse();
        }
        assertThat(redis.command("GET", name.text())).isEqualTo("999999999999999");
    }

    @Test
    void aGenerationThatIsUnreadableIsSaidPlainly() {
        redis.command("HSET", "{" + name + "}:generation", "top", "many");

        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);

            assertThatThrownBy(() -> counter.visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("{" + name + "}:generation");
            assertThatThrownBy(() -> counter.value().toCompletableFuture().get())
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("{" + name + "}:generation");
        }
        assertThat(redis.command("EXISTS", name.text())).isEqualTo("0");
    }

    @Test
    void aKeyOfAnotherTypeIsSaidPlainly() {
        redis.command("RPUSH", name.text(), "a");

        try (CounterStore store = open()) {
            assertThatThrownBy(() -> store.counter(name).visit(SOON))
                    .isInstanceOf(NotCountedException.class)
                    .hasMessageContaining("holds another type");
        }
    }

    @Test
    void aValueThatWasSetBackBeginsANewGeneration() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            counter.visit(7).toCompletableFuture().get();

            redis.command("SET", name.text(), "3");

            assertThat(counter.value().toCompletableFuture().get().generation()).isEqualTo(1);
            assertThat(counter.visit(SOON)).isEqualTo(new Visit(4, 1, false));
            assertThat(counter.visit(SOON)).isEqualTo(new Visit(5, 1, false));
        }
    }

    @Test
    void aFlushedScriptCacheIsNoLoss() throws Exception {
        try (CounterStore store = open()) {
            VisitorCounter counter = store.counter(name);
            counter.visit(SOON);

            redis.command("SCRIPT", "FLUSH");

            assertThat(counter.visit(SOON).number()).isEqualTo(2);
        }
    }

    @Test
    void everyKeyButTheValueCarriesTheNameAsItsHashTag() throws Exception {
        try (CounterStore store = open()) {
            store.counter(name).visit(SOON);

            assertThat(redis.command("KEYS", "*" + name + "*").lines())
                    .hasSize(4)
                    .allMatch(key -> key.equals(name.text()) || key.startsWith("{" + name + "}:"));
        }
    }

    @Test
    void aPrefixTakesAKeyOverAndStandsBeforeEveryOther() throws Exception {
        String key = "app:visits:" + name;
        redis.command("SET", key, "41");

        try (CounterStore store =
                openStore(CounterOptions.builder().keyPrefix("app:visits:").build())) {
            VisitorCounter counter = store.counter(name);

            assertThat(counter.visit(SOON).number()).isEqualTo(42);
            assertThat(counter.visit(new VisitId("1")).toCompletableFuture().get())
                    .isEqualTo(new Visit(43, 0, false));
            assertThat(counter.value().toCompletableFuture().get().value()).isEqualTo(43);
            Instant now = Instant.now();
            assertThat(counter.history(now.minusSeconds(60), now)
                            .toCompletableFuture()
                            .get())
                    .hasSizeBetween(1, 2);
        }
        assertThat(redis.command("KEYS", "*" + name + "*").lines())
                .hasSize(5)
                .allMatch(found -> found.equals(key) || found.startsWith("{" + key + "}:"));
    }

    @Test
    void aRedisThatIsNotThereIsSaidInOneLine() {
        int nobody = RedisServer.freePort();

        assertThatThrownBy(() ->
                        CounterStore.open(URI.create("redis://:secret@127.0.0.1:" + nobody), CounterOptions.defaults()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("redis://127.0.0.1:" + nobody + ": can't connect: ")
                .hasMessageEndingWith("; start a Redis there or change the address")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("\n");
    }
}
