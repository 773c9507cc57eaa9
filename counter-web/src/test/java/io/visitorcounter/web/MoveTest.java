package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.VisitId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters that move from an SQLite file to another store. */
class MoveTest {

    private static final CounterName HOME = CounterName.of("home");

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private CounterStore from;
    private CounterStore to;

    @BeforeEach
    void open() {
        from = CounterStore.open(URI.create("sqlite:" + folder.resolve("old.db")), CounterOptions.defaults());
        to = CounterStore.open(URI.create("memory:/"), CounterOptions.defaults());
    }

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static List<HourlyVisits> history(CounterStore store) {
        Instant now = Instant.now();
        return now(store.counter(HOME).history(now.minus(Duration.ofDays(100)), now.plus(Duration.ofHours(1))));
    }

    private List<String> move(boolean replace) {
        return move(new Move.Selection(List.of(), "", replace, false));
    }

    private List<String> move(Move.Selection selection) {
        return new Move(from, to, Clock.systemUTC()).run(selection, told::add);
    }

    @Test
    void everyCounterMovesWithItsVisitsPerHour() {
        HourlyVisits before =
                new HourlyVisits(Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofDays(3)), 40);
        now(from.counter(HOME).restore(40, List.of(before), VisitId.random()));
        now(from.counter(HOME).visit(2));
        now(from.counter(CounterName.of("other")).visit());

        assertThat(move(false)).isEmpty();

        assertThat(told).containsExactly("home: 42 (1 of 2)", "other: 1 (2 of 2)");
        assertThat(history(to)).isEqualTo(history(from)).contains(before);
        assertThat(now(to.counter(HOME).visit()).number()).isEqualTo(43);
        assertThat(now(from.counter(HOME).value()).value()).isEqualTo(42);
    }

    @Test
    void movingAgainFindsAllThere() {
        now(from.counter(HOME).visit(3));
        move(false);

        assertThat(move(false)).isEmpty();

        assertThat(told).containsExactly("home: 3 (1 of 1)", "home: 3, was there");
        assertThat(now(to.counter(HOME).value()).generation()).isEqualTo(1);
    }

    @Test
    void whatTheNewStoreHasIsReplacedOnlyWhenAsked() {
        now(from.counter(HOME).visit(3));
        now(from.counter(CounterName.of("other")).visit());
        now(to.counter(HOME).visit(5));

        assertThat(move(false)).singleElement().asString().contains("\"home\"", "5 visits", "--replace");
        assertThat(now(to.counter(HOME).value()).value()).isEqualTo(5);
        assertThat(now(to.counters())).containsExactly(HOME);

        assertThat(move(true)).isEmpty();
        assertThat(now(to.counter(HOME).value()).value()).isEqualTo(3);
        assertThat(now(to.counters())).hasSize(2);
    }

    @Test
    void aVisitWhileItMovesIsFound() {
        now(from.counter(HOME).visit(3));

        List<String> faults = new Move(from, to, Clock.systemUTC())
                .run(
                        new Move.Selection(List.of(), "", false, false),
                        line -> now(from.counter(HOME).visit()));

        assertThat(faults).singleElement().asString().contains("\"home\"", "3 before, 4 now", "--replace");
        assertThat(move(true)).isEmpty();
        assertThat(now(to.counter(HOME).value()).value()).isEqualTo(4);
    }

    @Test
    void onlyTheCountersThatAreNamedMove() {
        now(from.counter(HOME).visit(3));
        now(from.counter(CounterName.of("other")).visit());

        assertThat(move(new Move.Selection(List.of(HOME), "", false, false))).isEmpty();
        assertThat(now(to.counters())).containsExactly(HOME);

        assertThat(move(new Move.Selection(List.of(CounterName.of("no")), "", false, false)))
                .singleElement()
                .asString()
                .contains("\"no\": expected one with visits in the old store");
    }

    @Test
    void theOtherStoresNamesCanHaveAPrefix() {
        now(from.counter(HOME).visit(3));
        now(to.counter(HOME).visit(5));
        Move.Selection selection = new Move.Selection(List.of(), "shop.", false, false);

        assertThat(move(selection)).isEmpty();
        assertThat(move(selection)).isEmpty();

        assertThat(told).containsExactly("home as shop.home: 3 (1 of 1)", "home as shop.home: 3, was there");
        assertThat(now(to.counter(CounterName.of("shop.home")).value()).value()).isEqualTo(3);
        assertThat(now(to.counter(HOME).value()).value()).isEqualTo(5);
    }

    @Test
    void aNameThatTheStoreCantHaveIsFoundBeforeAnythingMoves() {
        now(from.counter(HOME).visit());
        now(from.counter(CounterName.of("a".repeat(100))).visit());

        assertThatThrownBy(() -> move(new Move.Selection(List.of(), "shop.", false, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shop.aaa");
        assertThat(now(to.counters())).isEmpty();
    }

    @Test
    void aDryRunSaysWhatWouldBeMovedAndMovesNothing() {
        now(from.counter(HOME).visit(3));
        now(to.counter(HOME).visit(5));

        assertThat(move(new Move.Selection(List.of(), "", false, true)))
                .singleElement()
                .asString()
                .contains("--replace");
        assertThat(move(new Move.Selection(List.of(), "", true, true))).isEmpty();

        assertThat(told).containsExactly("home: 3 in place of 5, would be moved (1 of 1)");
        assertThat(now(to.counter(HOME).value()).value()).isEqualTo(5);
    }
}
