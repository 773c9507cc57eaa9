package io.visitorcounter.release.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection to a registry serves one request after the other: over TLS, a new one takes several round trips. */
class ConnectionReuseTest extends AppInRegistry {

    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsReadOneAfterTheOtherComesByOneConnection(boolean isChunked) {
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                ports.add(exchange.getRemoteAddress().getPort());
                return false;
            }

            @Override
            public boolean isChunked() {
                return isChunked;
            }
        });

        client(Map.of(), wait -> {}).find(app);

        assertThat(ports).hasSize(1);
    }

    @Test
    void aRefusalLeavesItsConnectionOpenToo() {
        registry.require(LoopbackRegistry.Auth.BEARER);
        registry.quirk(new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                ports.add(exchange.getRemoteAddress().getPort());
                return false;
            }
        });

        client(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"), wait -> {})
                .find(app);

        assertThat(ports).hasSize(1);
    }
}
