package io.visitorcounter.core.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.StoreException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CaFileTest {

    @Test
    @Timeout(60)
    void aDeviceWithoutAnEndIsRefused() {
        RedisAddress address = RedisAddress.of(URI.create("rediss://redis:6380"), Optional.empty());

        assertThatThrownBy(() -> CaFile.checked(Optional.of(Path.of("/dev/zero")), address))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/dev/zero: expected certificates in PEM form, got more than 16777216 bytes");
    }
}
