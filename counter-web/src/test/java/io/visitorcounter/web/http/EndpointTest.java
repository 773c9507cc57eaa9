package io.visitorcounter.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class EndpointTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch released = new CountDownLatch(1);
    private final HttpHandler blocking = Endpoint.blockingHandler(exchange -> {
        if (exchange.getRequestPath().equals("/wrong")) {
            throw Problem.badRequest("no").thrown();
        }
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CompletableFuture.completedFuture(Response.ok(Response.TEXT, "late"));
    });
    private final Undertow server = start();

    private Undertow start() {
        HttpHandler quick = Endpoint.of(exchange -> Response.ok(Response.TEXT, "now"));
        Undertow started = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(2)
                .setHandler(exchange ->
                        (exchange.getRequestPath().equals("/quick") ? quick : blocking).handleRequest(exchange))
                .build();
        started.start();
        return started;
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop();
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void anEndpointThatBlocksKeepsNoOtherRequestWaiting() {
        CompletableFuture<HttpResponse<String>> blocked = get("/blocked");

        assertThat(get("/quick").join().body()).isEqualTo("now");

        assertThat(blocked).isNotDone();
        released.countDown();
        assertThat(blocked.join().body()).isEqualTo("late");
    }

    @Test
    void whatItThrowsIsTheProblem() {
        assertThat(get("/wrong").join().statusCode()).isEqualTo(400);
    }
}
