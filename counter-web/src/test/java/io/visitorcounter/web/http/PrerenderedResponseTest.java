package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrerenderedResponseTest {

    private static final int MAX_BYTES = 1024;

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, keep-alive, false, true",
        "HTTP/1.1, close, false, false",
        "HTTP/1.0, keep-alive, false, false",
        "HTTP/1.1, keep-alive, true, false"
    })
    void suitsTheUsualRequestAlone(String protocol, String connection, boolean moreToSay, boolean suits)
            throws Exception {
        AtomicBoolean said = new AtomicBoolean();
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setHandler(new Guard(
                        exchange -> {
                            if (moreToSay) {
                                exchange.getResponseHeaders().put(Headers.VARY, "Accept");
                            }
                            said.set(PrerenderedResponse.suits(exchange));
                        },
                        MAX_BYTES,
                        new ClientMemory(1 << 20, 100, new ClientAddress(List.of()))))
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write(("GET / " + protocol + "\r\nHost: x\r\nConnection: " + connection + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().read();
        } finally {
            server.stop();
        }

        assertThat(said.get()).isEqualTo(suits);
    }
}
