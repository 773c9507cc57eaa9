package io.visitorcounter.release.engine;

import static io.visitorcounter.release.engine.SwarmState.NEW;
import static io.visitorcounter.release.engine.SwarmState.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service and its tasks mean. */
class SwarmLookTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "completed"})
    void allNewRunningAndNoneLeftIsComplete(String update) {
        Look look = SwarmState.of(update)
                .fresh()
                .fresh()
                .task(OLD, "shutdown", "shutdown", "11:00:00", "")
                .look();

        assertThat(look.isComplete()).isTrue();
        assertThat(look.fence().deployment()).contains(7);
        assertThat(look.digests()).isEqualTo(Map.of(NEW, 2));
    }

    @Test
    void anUpdateThatGoesOnIsNotSettledThoughAllRun() {
        assertThat(SwarmState.of("updating").fresh().fresh().look().settled()).isFalse();
    }

    @Test
    void anOldTaskThatStillEndsServesOn() {
        Look look = SwarmState.of("completed")
                .fresh()
                .fresh()
                .task(OLD, "shutdown", "running", "11:00:00", "")
                .look();

        assertThat(look.others()).isEqualTo(1);
        assertThat(look.isComplete()).isFalse();
    }

    @Test
    void oneThatStartsIsNotReady() {
        Look look = SwarmState.of("updating")
                .task(NEW, "running", "starting", "12:00:01", "")
                .task(OLD, "running", "running", "11:00:00", "")
                .look();

        assertThat(look.ready()).isZero();
        assertThat(look.others()).isEqualTo(1);
        assertThat(look.wanted()).isEqualTo(2);
        assertThat(look.doom()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback_started", "rollback_paused", "rollback_completed", "paused"})
    void whatSwarmItselfTookBackFailed(String update) {
        assertThat(SwarmState.of(update).look().doom()).contains(new Doom("", "Swarm took it back: " + update, true));
    }

    @Test
    void aTaskThatFailedIsToldWithItsReasonTheNewestFirst() {
        Look look = SwarmState.of("rollback_started")
                .failed("failed", "12:00:00.75", "task: non-zero exit (1)", 1)
                .failed("failed", "12:00:01", "task: non-zero exit (4)", 4)
                .look();

        assertThat(look.doom().orElseThrow().reason()).isEqualTo("failed, exit 4: task: non-zero exit (4)");
        assertThat(look.doom().orElseThrow().task()).isNotEmpty();
        assertThat(look.restarts()).isEqualTo(2);
    }

    @Test
    void anImageThatIsGoneIsRejected() {
        Doom doom = SwarmState.of("updating")
                .failed("rejected", "12:00:01", "No such image: host/app@sha256:1", 0)
                .look()
                .doom()
                .orElseThrow();

        assertThat(doom.reason()).isEqualTo("rejected: No such image: host/app@sha256:1");
        assertThat(doom.certain()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "updating", "completed"})
    void whatFailedBeforeThisUpdateIsNoDoomAndNoRestart(String update) {
        Look look = SwarmState.of(update)
                .fresh()
                .fresh()
                // As text it would be later: 12:00:00Z is after 12:00:00.5Z there.
                .failed("failed", "12:00:00", "task: non-zero exit (1)", 1)
                .look();

        assertThat(look.doom()).isEqualTo(Optional.empty());
        assertThat(look.restarts()).isZero();
    }
}
