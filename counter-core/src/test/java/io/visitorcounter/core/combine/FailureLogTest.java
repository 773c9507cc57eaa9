package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.spi.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many lines a trouble costs, and what they say. */
final class FailureLogTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final CounterName SHOP = CounterName.of("shop");
    private static final Object ONE = "one store of the place";
    private static final Object OTHER = "another";
    private static final String FULL = "visitors.db: the disk is full; make room";

    private final ManualTicker ticker = new ManualTicker();
    private final FailureLog log = new FailureLog(ticker::now);
    private final CapturedLog captured = new CapturedLog(FailureLog.class);

    @AfterEach
    void close() {
        captured.close();
    }

    @Test
    void aTroubleIsALineWhenItBeginsAndALineWhenItIsOver() {
        for (int i = 0; i < 500; i++) {
            log.failed(HOME, FailureLog.Kind.VISITS, 2, FULL);
            ticker.pass(Duration.ofMillis(100));
        }
        assertThat(log.troubled()).isTrue();
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 1000 failed in 50 s");
        assertThat(log.troubled()).isFalse();
    }

    @Test
    void aLongTroubleIsALineAMinute() {
        for (int i = 0; i < 1_250; i++) {
            log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
            ticker.pass(Duration.ofMillis(100));
        }

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "WARNING counter \"home\": visits still fail, 601 in 60 s: " + FULL,
                        "WARNING counter \"home\": visits still fail, 1201 in 120 s: " + FULL);
    }

    @Test
    void whatComesAndGoesIsNoFlood() {
        for (int i = 0; i < 600; i++) {
            log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
            ticker.pass(Duration.ofMillis(100));
            log.worked(ONE, HOME, FailureLog.Kind.VISITS);
            ticker.pass(Duration.ofMillis(100));
        }

        assertThat(captured.lines()).as("in two minutes").hasSizeBetween(2, 5);
    }

    @Test
    void countersThatFailForOneReasonShareItsLines() {
        for (int i = 0; i < 5_000; i++) {
            log.failed(CounterName.of("page-" + i), FailureLog.Kind.VISITS, 1, FULL);
        }
        log.worked(ONE, CounterName.of("page-7"), FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"page-0\": visits fail: " + FULL,
                        "INFO counter \"page-7\": visits are counted again; 5000 failed in 0 s");
    }

    @Test
    void aCounterWithItsOwnReasonHasItsOwnLinesAndHidesNoOther() {
        log.failed(SHOP, FailureLog.Kind.VISITS, 1, "key \"shop\": expected an integer");
        log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"shop\": visits fail: key \"shop\": expected an integer",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 1 failed in 0 s");
        assertThat(log.troubled()).isTrue();
    }

    @Test
    void anOutageThatChangesItsReasonIsOneLineUntilAMinuteHasPassed() {
        log.failed(HOME, FailureLog.Kind.VISITS, 0, "not connected: the connection was cut");
        log.failed(HOME, FailureLog.Kind.VISITS, 3, "not connected: connection refused");
        ticker.pass(Duration.ofSeconds(61));
        log.failed(HOME, FailureLog.Kind.VISITS, 1, "not connected: no answer in time");
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: not connected: the connection was cut",
                        "WARNING counter \"home\": visits still fail, 4 in 61 s: not connected: no answer in time",
                        "INFO counter \"home\": visits are counted again; 4 failed in 61 s");
    }

    @Test
    void aCheckThatFailsIsToldAndOverThoughNobodyVisited() {
        log.failed(HOME, FailureLog.Kind.VISITS, 0, FULL);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 0 failed in 0 s");
    }

    @Test
    void readsAndVisitsAreTwoMatters() {
        log.failed(HOME, FailureLog.Kind.READS, 1, "the user may not do this");
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);
        assertThat(log.troubled()).isTrue();
        log.worked(ONE, HOME, FailureLog.Kind.READS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": can't be read: the user may not do this",
                        "INFO counter \"home\": can be read again; 1 failed in 0 s");
    }

    @Test
    void reasonsWithoutEndAreAFewLines() {
        for (int i = 0; i < 10_000; i++) {
            log.failed(CounterName.of("c" + i), FailureLog.Kind.VISITS, 1, "key \"c" + i + "\": expected an integer");
        }

        assertThat(captured.lines()).hasSize(FailureLog.MAX_REASONS + 1);
    }

    @Test
    void anOutageOfTheStoreIsOnePairOfLinesWhoeverMeetsIt() {
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 3, "not connected: the connection was cut");
        log.storeFailed(ONE, null, FailureLog.Kind.VISITS, 0, "not connected: connection refused");
        log.storeFailed(ONE, SHOP, FailureLog.Kind.READS, 1, "not connected: connection refused");
        log.storeFailed(ONE, SHOP, FailureLog.Kind.CHANGES, 1, "no reply in time");
        ticker.pass(Duration.ofSeconds(30));
        log.storeFailed(OTHER, HOME, FailureLog.Kind.VISITS, 2, "not connected: connection refused");
        log.worked(ONE, null, FailureLog.Kind.VISITS);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);
        // A store of another thread, whose connection is back a little later.
        assertThat(log.troubled()).isTrue();
        ticker.pass(Duration.ofSeconds(1));
        log.worked(OTHER, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: not connected: the connection was cut",
                        "INFO counter \"home\": visits are counted again; 7 failed in 31 s");
        assertThat(log.troubled()).isFalse();
    }

    /** The same failure may be known as the store's own only a moment later, or no longer. */
    @Test
    void oneReasonIsOnePairOfLinesWhetherOfTheStoreOrOfItsCounter() {
        for (int i = 0; i < 2; i++) {
            log.failed(HOME, FailureLog.Kind.VISITS, i, FULL);
            log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 2, FULL);
            log.worked(ONE, HOME, FailureLog.Kind.VISITS);
            assertThat(log.troubled()).isFalse();
            ticker.pass(Duration.ofMinutes(2));
            log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 2, FULL);
            log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
            log.worked(ONE, HOME, FailureLog.Kind.VISITS);
            assertThat(log.troubled()).isFalse();
            ticker.pass(Duration.ofMinutes(2));
        }

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 2 failed in 0 s",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 3 failed in 0 s",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 3 failed in 0 s",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 3 failed in 0 s");
    }

    @Test
    void anOutageForAnotherReasonIsToldHoweverSoonItComes() {
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, "not connected: connection refused");
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);
        ticker.pass(Duration.ofMillis(300));
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, FULL);
        ticker.pass(Duration.ofSeconds(3));
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: not connected: connection refused",
                        "INFO counter \"home\": visits are counted again; 1 failed in 0 s",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 1 failed in 3 s");
    }

    @Test
    void anOutageThatComesAndGoesIsNoFlood() {
        for (int i = 0; i < 600; i++) {
            log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, FULL);
            ticker.pass(Duration.ofMillis(100));
            log.worked(ONE, HOME, FailureLog.Kind.VISITS);
            ticker.pass(Duration.ofMillis(100));
        }

        assertThat(captured.lines()).as("in two minutes").hasSizeBetween(2, 6);
    }

    @Test
    void anOutageThatOneStoreMeetsIsNotEndedByAnother() {
        for (int i = 0; i < 650; i++) {
            log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, "ERR max number of clients reached");
            log.worked(OTHER, HOME, FailureLog.Kind.VISITS);
            ticker.pass(Duration.ofMillis(100));
        }
        assertThat(log.troubled()).isTrue();
        log.closed(ONE);
        assertThat(log.troubled()).isFalse();

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: ERR max number of clients reached",
                        "WARNING counter \"home\": visits still fail, 601 in 60 s: ERR max number of clients reached");
    }

    @Test
    void anOutageThatNobodyVisitedInIsToldToo() {
        log.storeFailed(ONE, null, FailureLog.Kind.VISITS, 0, "not connected: connection refused");
        ticker.pass(Duration.ofSeconds(90));
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, "not connected: connection refused");
        ticker.pass(Duration.ofSeconds(2));
        log.worked(ONE, null, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING visits fail: not connected: connection refused",
                        "WARNING counter \"home\": visits still fail, 1 in 90 s: not connected: connection refused",
                        "INFO visits are counted again; 1 failed in 92 s");
    }

    @Test
    void anotherOutageLaterHasItsOwnLines() {
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, "not connected: connection refused");
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);
        ticker.pass(Duration.ofSeconds(20));
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, FULL);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: not connected: connection refused",
                        "INFO counter \"home\": visits are counted again; 1 failed in 0 s",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 1 failed in 0 s");
    }

    @Test
    void aStoreThatCanBeReadMayBeUnableToWrite() {
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, FULL);
        log.worked(ONE, HOME, FailureLog.Kind.READS);
        assertThat(log.troubled()).isTrue();
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines()).hasSize(2);
        assertThat(log.troubled()).isFalse();
    }

    @Test
    void anOutageHidesNoCounterThatFailsForItsOwnReason() {
        log.failed(SHOP, FailureLog.Kind.VISITS, 1, "key \"shop\": expected an integer");
        log.storeFailed(ONE, HOME, FailureLog.Kind.VISITS, 1, FULL);
        log.worked(ONE, HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"shop\": visits fail: key \"shop\": expected an integer",
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 1 failed in 0 s");
        assertThat(log.troubled()).isTrue();
    }

    @Test
    void storesOfOnePlaceShareALogUntilTheLastIsClosed() {
        FailureLog shared = SharedLogs.take("redis://there");
        assertThat(SharedLogs.take("redis://there")).isSameAs(shared);
        assertThat(SharedLogs.take("redis://elsewhere")).isNotSameAs(shared);

        SharedLogs.giveBack("redis://there");
        assertThat(SharedLogs.take("redis://there")).isSameAs(shared);
        SharedLogs.giveBack("redis://there");
        SharedLogs.giveBack("redis://there");
        assertThat(SharedLogs.take("redis://there")).isNotSameAs(shared);

        SharedLogs.giveBack("redis://there");
        SharedLogs.giveBack("redis://elsewhere");
    }

    @Test
    void aGenerationThatBeginsIsToldOnceAndAsWhatItIs() {
        StoreContext context = new StoreContext(
                new ManualBackend(), ticker, () -> "x", CounterOptions.builder().build());
        try (CapturedLog lines = new CapturedLog(StoreContext.class)) {
            context.regressed(HOME, new Outcome.Regression(41, 0), 1);
            context.regressed(HOME, new Outcome.Regression(40, 3), 1);
            context.regressed(SHOP, new Outcome.Regression(7, 0), 1);
            context.regressed(HOME, new Outcome.Regression(5, 1000), 2);

            assertThat(lines.lines())
                    .containsExactly(
                            "WARNING counter \"home\": the stored value went backwards: expected at least 41, found 0;"
                                    + " generation 1 begins",
                            "WARNING counter \"shop\": the stored value went backwards: expected at least 7, found 0;"
                                    + " generation 1 begins",
                            "INFO counter \"home\": the stored value was set: 5 was acknowledged before, found 1000;"
                                    + " generation 2 begins");
        }
    }

    @Test
    void aClosedStoreLogsNothing() {
        StoreContext context = new StoreContext(
                new ManualBackend(), ticker, () -> "x", CounterOptions.builder().build());
        context.logNoMore();

        context.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
        context.found(new StoreHealth(false, FULL));

        assertThat(captured.lines()).isEmpty();
    }
}
