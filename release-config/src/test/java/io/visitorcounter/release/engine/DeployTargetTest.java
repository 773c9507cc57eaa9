package io.visitorcounter.release.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployTargetTest {

    @ParameterizedTest
    @CsvSource({"KUBERNETES, arn:aws:eks:eu-1:1:cluster/prod, shop", "SWARM, edge, shop", "KUBERNETES, , shop"})
    void whatWasRecordedIsReadBack(DeployTarget.Platform platform, String context, String space) {
        DeployTarget target = new DeployTarget("eu", platform, Optional.ofNullable(context), space);

        assertThat(DeployTarget.recorded("eu", platform.word(), target.where())).isEqualTo(target);
    }
}
