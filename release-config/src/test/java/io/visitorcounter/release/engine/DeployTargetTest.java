package io.visitorcounter.release.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.visitorcounter.release.ReleaseException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeployTargetTest {

    @ParameterizedTest
    @CsvSource({"KUBERNETES, arn:aws:eks:eu-1:1:cluster/prod, shop", "SWARM, edge, shop", "KUBERNETES, , shop"})
    void whatWasRecordedIsReadBack(DeployTarget.Platform platform, String context, String space) {
        DeployTarget target = new DeployTarget("eu", platform, Optional.ofNullable(context), space);

        assertThat(DeployTarget.recorded("eu", platform.word(), target.where())).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nomad", "Kubernetes", "SWARM", "", "none", "swarm "})
    void anEngineThatThisVersionDoesNotKnowIsRefused(String engine) {
        assertThatExceptionOfType(ReleaseException.Unreachable.class)
                .isThrownBy(() -> DeployTarget.recorded("eu", engine, "prod-eu/shop"))
                .withMessage("engine: expected kubernetes or swarm, got \"" + engine
                        + "\"; if a newer release tool recorded it, update this one");
    }
}
