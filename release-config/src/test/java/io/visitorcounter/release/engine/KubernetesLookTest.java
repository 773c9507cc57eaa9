package io.visitorcounter.release.engine;

import static io.visitorcounter.release.engine.KubernetesState.NEW;
import static io.visitorcounter.release.engine.KubernetesState.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Deployment, its ReplicaSets and its pods mean. */
class KubernetesLookTest {

    @Test
    void allNewReadyAndNoneLeftIsComplete() {
        Look look = KubernetesState.done().fresh().fresh().look();

        assertThat(look.isComplete()).isTrue();
        assertThat(look.fence()).isEqualTo(new Fence(Optional.of(7), Optional.of("d/3")));
        assertThat(look.digests()).isEqualTo(Map.of(NEW, 2));
        assertThat(look.restarts()).isZero();
    }

    @Test
    void aSpecThatTheControllerHasNotSeenIsNotSettledAndNoPodIsOfIt() {
        Look look = KubernetesState.of(2, 2, KubernetesState.progressing("NewReplicaSetAvailable"))
                .fresh()
                .fresh()
                .look();

        assertThat(look.settled()).isFalse();
        assertThat(look.ready()).isZero();
        assertThat(look.others()).isEqualTo(2);
    }

    @Test
    void availableIsOnlyAfterTheSoakTime() {
        Look look = KubernetesState.of(3, 1, KubernetesState.progressing("ReplicaSetUpdated"))
                .fresh()
                .fresh()
                .look();

        assertThat(look.ready()).isEqualTo(2);
        assertThat(look.settled()).isFalse();
    }

    @Test
    void anOldPodThatStillEndsServesOn() {
        Look look = KubernetesState.done()
                .fresh()
                .fresh()
                .pod("app-1", OLD, true, ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", "")
                .look();

        assertThat(look.settled()).isTrue();
        assertThat(look.others()).isEqualTo(1);
        assertThat(look.isComplete()).isFalse();
        assertThat(look.digests()).isEqualTo(Map.of(OLD, 1, NEW, 2));
    }

    @Test
    void aPodOfTheRightReplicaSetWithAnotherImageIsAnother() {
        Look look =
                KubernetesState.done().fresh().pod("app-2", OLD, true, "", "").look();

        assertThat(look.ready()).isEqualTo(1);
        assertThat(look.others()).isEqualTo(1);
    }

    @Test
    void anEvictedPodIsNone() {
        assertThat(KubernetesState.done().fresh().fresh().evicted().look().isComplete())
                .isTrue();
    }

    @Test
    void restartsAreThoseOfTheNewPods() {
        Look look = KubernetesState.done()
                .fresh()
                .pod("app-2", NEW, true, "", ",\"restartCount\":2")
                .pod("app-1", OLD, true, "", ",\"restartCount\":9")
                .look();

        assertThat(look.restarts()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CreateContainerConfigError | secret \\\"app\\\" not found | true",
                "CreateContainerConfigError | failed to sync secret cache: timed out | false",
                "ErrImagePull | rpc error: manifest for host/app@sha256:1 not found: manifest unknown | true",
                "ErrImagePull | unauthorized: authentication required | true",
                "ErrImagePull | dial tcp 10.0.0.1:443: i/o timeout | false",
                "ImagePullBackOff | Back-off pulling image | false",
                "InvalidImageName | couldn't parse image reference | true",
                "RunContainerError | context deadline exceeded | false"
            })
    void whatWillNotComeUpIsSaidAtOnceAndWhatMayIsLeftTime(String reason, String message, boolean certain) {
        Doom doom = KubernetesState.of(3, 0, KubernetesState.progressing("ReplicaSetUpdated"))
                .old()
                .waiting(reason, message, "")
                .look()
                .doom()
                .orElseThrow();

        assertThat(doom.task()).isEqualTo("app-2-x");
        assertThat(doom.reason()).startsWith(reason + ": " + message.substring(0, 6));
        assertThat(doom.certain()).isEqualTo(certain);
    }

    @ParameterizedTest
    @CsvSource({"1,1,false", "1,2,true", "4,1,true", "137,2,true"})
    void aCrashLoopIsCertainAtTheSecondRestartAndAnInvalidConfigAtOnce(int exit, int restarts, boolean certain) {
        Doom doom = KubernetesState.done()
                .waiting(
                        "CrashLoopBackOff",
                        "back-off 10s",
                        ",\"restartCount\":" + restarts + ",\"lastState\":{\"terminated\":{\"exitCode\":" + exit + "}}")
                .look()
                .doom()
                .orElseThrow();

        assertThat(doom).isEqualTo(new Doom("app-2-x", "CrashLoopBackOff, exit " + exit, certain));
    }

    @Test
    void aConfigThatTheAppRefusesIsSeenBeforeItsFirstRestart() {
        Doom doom = KubernetesState.done()
                .pod("app-2", NEW, false, "", ",\"state\":{\"terminated\":{\"exitCode\":4}}")
                .look()
                .doom()
                .orElseThrow();

        assertThat(doom).isEqualTo(new Doom("app-2-x", "Error, exit 4", true));
    }

    @Test
    void whatItsNodeCouldNotStartAndWhatWaitsForANodeIsNoDoom() {
        String exit128 = ",\"restartCount\":3,\"lastState\":{\"terminated\":{\"exitCode\":128}}";

        assertThat(KubernetesState.done()
                        .waiting("CrashLoopBackOff", "m", exit128)
                        .look()
                        .doom())
                .isEmpty();
        assertThat(KubernetesState.done()
                        .pod("app-2", null, false, "", ",\"state\":{}")
                        .look()
                        .doom())
                .isEmpty();
    }

    @Test
    void aPodOfAnEarlierRolloutDoomsNothing() {
        Look look = KubernetesState.done()
                .fresh()
                .fresh()
                .pod(
                        "app-1",
                        OLD,
                        false,
                        "",
                        ",\"state\":{\"waiting\":{\"reason\":\"InvalidImageName\",\"message\":\"m\"}}")
                .look();

        assertThat(look.doom()).isEmpty();
    }

    @Test
    void noPodAtAllIsTheDeploymentsOwnFault() {
        String failure =
                "{\"type\":\"ReplicaFailure\",\"status\":\"True\",\"reason\":\"FailedCreate\",\"message\":\"quota\"}";

        assertThat(KubernetesState.of(3, 0, failure).old().look().doom())
                .contains(new Doom("app", "FailedCreate: quota", true));
        assertThat(KubernetesState.of(2, 0, failure).old().look().doom()).isEmpty();
    }

    @Test
    void anExceededDeadlineCountsIfItStays() {
        assertThat(KubernetesState.of(3, 0, KubernetesState.progressing("ProgressDeadlineExceeded"))
                        .old()
                        .look()
                        .doom())
                .contains(new Doom("app", "ProgressDeadlineExceeded: m", false));
    }

    @Test
    void aContainerThatTheClusterPutsBesideOursIsNotTakenForIt() {
        // The kubelet lists them by name, and neither this nor what comes before all others is the release.
        String proxy = "{\"name\":\"a-proxy\",\"imageID\":\"host/proxy@" + OLD + "\",\"restartCount\":3}";

        Look look = KubernetesState.done().beside(proxy).fresh().fresh().look();

        assertThat(look.isComplete()).isTrue();
        assertThat(look.digests()).isEqualTo(Map.of(NEW, 2));
        assertThat(look.restarts()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"beside", "initial"})
    void aContainerThatTheClusterPutsBesideOursDoomsThePodByItsName(String where) {
        String looping = "{\"name\":\"a-proxy\",\"restartCount\":2,\"state\":{\"waiting\":"
                + "{\"reason\":\"CrashLoopBackOff\"}},\"lastState\":{\"terminated\":{\"exitCode\":4}}}";
        KubernetesState state = KubernetesState.done();

        Look look = (where.equals("beside") ? state.beside(looping) : state.initial(looping))
                .fresh()
                .look();

        assertThat(look.doom()).contains(new Doom("app-2-x", "CrashLoopBackOff, exit 4 (container a-proxy)", true));
    }

    @Test
    void aPausedDeploymentComesUpOnlyIfSomebodyResumesIt() {
        Look look = KubernetesState.of(3, 2, KubernetesState.progressing("DeploymentPaused"))
                .paused()
                .old()
                .old()
                .look();

        assertThat(look.doom().orElseThrow().reason())
                .startsWith("DeploymentPaused: ")
                .contains("kubectl rollout resume deployment/app");
        assertThat(look.doom().orElseThrow().certain()).isFalse();
    }
}
