package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenRequestsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenRequests requests = new OpenRequests(new IdleConnections(100, () -> {}));
    private final BlockingQueue<HttpServerExchange> begun = new LinkedBlockingQueue<>();
    private final Undertow server = start();

    private Undertow start() {
        Undertow started = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(requests.counting(exchange -> exchange.dispatch(() -> begun.add(exchange)), status -> {}))
                .build();
        started.start();
        return started;
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpRequest request() {
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
    }

    @Test
    void anOpenRequestIsWaitedFor() throws Exception {
        CompletableFuture<HttpResponse<Void>> open =
                client.sendAsync(request(), HttpResponse.BodyHandlers.discarding());
        HttpServerExchange exchange = begun.take();
        requests.drain();
        assertThat(requests.awaitNone(Duration.ofMillis(20))).isFalse();

        exchange.endExchange();

        assertThat(requests.awaitNone(LONG)).isTrue();
        assertThat(open.join().statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatComesTooLateForAResponseIsNotBegun() throws Exception {
        requests.drain();
        assertThat(requests.awaitNone(LONG)).isTrue();

        assertThatThrownBy(() -> client.send(request(), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);

        assertThat(begun).isEmpty();
        assertThat(requests.awaitNone(LONG)).isTrue();
    }
}
