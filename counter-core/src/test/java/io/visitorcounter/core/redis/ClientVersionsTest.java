package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientVersionsTest {

    @Test
    void whatIsNamedIsWhatThisIsBuiltWith() {
        assertThat(ClientVersions.version("io.lettuce.core.RedisClient")).isEqualTo(ClientVersions.LETTUCE);
        assertThat(ClientVersions.version("io.netty.util.Timer")).isEqualTo(ClientVersions.NETTY);
        assertThat(ClientVersions.version("io.lettuce.core.NoSuchClass")).isNull();
    }

    @Test
    void theDocsNameTheSame() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "library.md")))
                .contains(
                        "| 7.5, for a Cluster 7.7 | " + ClientVersions.LETTUCE + " |",
                        "| 4.2 | " + ClientVersions.NETTY + " |",
                        "netty-bom:" + ClientVersions.NETTY,
                        "lettuce-core:" + ClientVersions.LETTUCE);
    }

    @ParameterizedTest
    @CsvSource({
        "7.7.0.RELEASE, 4.2.13.Final, true",
        "7.5.2.RELEASE, 4.2.0.Final, false",
        "8.0.0.RELEASE, 5.0.0.Final, true",
        "7.10.0.RELEASE, 4.2.13.Final, true",
        "'', '', true"
    })
    void enoughPasses(String lettuce, String netty, boolean cluster) {
        assertThat(ClientVersions.faults(lettuce, netty, cluster)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6.6.0.RELEASE, 4.2.13.Final, false, 'Lettuce: expected 7.5 or newer, got 6.6.0.RELEASE; set lettuce.version"
                + " to'",
        "7.4.9.RELEASE, 4.2.13.Final, false, 'got 7.4.9.RELEASE'",
        "7.5.2.RELEASE, 4.2.13.Final, true, 'expected 7.7 or newer for a Cluster, got 7.5.2.RELEASE'",
        "7.7.0.RELEASE, 4.1.133.Final, false, 'Netty: expected 4.2 or newer, got 4.1.133.Final; set netty.version to'",
        ", 4.2.13.Final, false, 'Lettuce is not on the class path; add io.lettuce:lettuce-core:'",
        "7.7.0.RELEASE, , false, 'Netty is not on the class path; add io.netty:netty-handler:'"
    })
    void whatIsTooOldOrMissingIsNamedWithTheNextStep(String lettuce, String netty, boolean cluster, String said) {
        assertThat(ClientVersions.faults(lettuce, netty, cluster))
                .singleElement()
                .asString()
                .contains(said);
    }

    @Test
    void bothAreNamedAtOnce() {
        assertThat(ClientVersions.faults("6.8.2.RELEASE", "4.1.128.Final", false))
                .hasSize(2);
    }
}
