package io.visitorcounter.core.combine;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many lines a trouble costs, and what they say. */
final class FailureLogTest {

    private static final CounterName HOME = CounterName.of("home");
    private static final CounterName SHOP = CounterName.of("shop");
    private static final String FULL = "visitors.db: the disk is full; make room";

    private final ManualTicker ticker = new ManualTicker();
    private final FailureLog log = new FailureLog(ticker);
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
        log.worked(HOME, FailureLog.Kind.VISITS);
        log.worked(HOME, FailureLog.Kind.VISITS);

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
            log.worked(HOME, FailureLog.Kind.VISITS);
            ticker.pass(Duration.ofMillis(100));
        }

        assertThat(captured.lines()).as("in two minutes").hasSizeBetween(2, 5);
    }

    @Test
    void countersThatFailForOneReasonShareItsLines() {
        for (int i = 0; i < 5_000; i++) {
            log.failed(CounterName.of("page-" + i), FailureLog.Kind.VISITS, 1, FULL);
        }
        log.worked(CounterName.of("page-7"), FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"page-0\": visits fail: " + FULL,
                        "INFO counter \"page-7\": visits are counted again; 5000 failed in 0 s");
    }

    @Test
    void aCounterWithItsOwnReasonHasItsOwnLinesAndHidesNoOther() {
        log.failed(SHOP, FailureLog.Kind.VISITS, 1, "key \"shop\": expected an integer");
        log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);
        log.worked(HOME, FailureLog.Kind.VISITS);

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
        log.worked(HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: not connected: the connection was cut",
                        "WARNING counter \"home\": visits still fail, 4 in 61 s: not connected: no answer in time",
                        "INFO counter \"home\": visits are counted again; 4 failed in 61 s");
    }

    @Test
    void aCheckThatFailsIsToldAndOverThoughNobodyVisited() {
        log.failed(HOME, FailureLog.Kind.VISITS, 0, FULL);
        log.worked(HOME, FailureLog.Kind.VISITS);

        assertThat(captured.lines())
                .containsExactly(
                        "WARNING counter \"home\": visits fail: " + FULL,
                        "INFO counter \"home\": visits are counted again; 0 failed in 0 s");
    }

    @Test
    void readsAndVisitsAreTwoMatters() {
        log.failed(HOME, FailureLog.Kind.READS, 1, "the user may not do this");
        log.worked(HOME, FailureLog.Kind.VISITS);
        assertThat(log.troubled()).isTrue();
        log.worked(HOME, FailureLog.Kind.READS);

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
    void aClosedStoreLogsNothing() {
        log.close();

        log.failed(HOME, FailureLog.Kind.VISITS, 1, FULL);

        assertThat(captured.lines()).isEmpty();
    }
}
