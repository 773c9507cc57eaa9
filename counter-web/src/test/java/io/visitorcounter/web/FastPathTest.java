package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.util.HttpString;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Guard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastPathTest {

    /** The ordinary way puts what it says into the exchange's headers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTextTakesTheWayThatTheConfigSays(boolean fast) throws Exception {
        CompletableFuture<Collection<HttpString>> said = new CompletableFuture<>();
        RunningApp app = RunningApp.start(Map.of("http.fast-path", fast));
        Guard guarded = new Guard(
                app.router(), 1024, Duration.ofSeconds(10), new ClientMemory(1024, 100, new ClientAddress(List.of())));
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setHandler(exchange -> {
                    exchange.addExchangeCompleteListener((done, listeners) -> {
                        said.complete(done.getResponseHeaders().getHeaderNames());
                        listeners.proceed();
                    });
                    guarded.handleRequest(exchange);
                })
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(said.get(10, TimeUnit.SECONDS)).hasSize(fast ? 1 : 6);
        } finally {
            server.stop();
            app.close();
        }
    }
}
