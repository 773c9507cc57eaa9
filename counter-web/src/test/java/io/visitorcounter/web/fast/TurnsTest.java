package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose request is handled next, where one client sends many at once. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TurnsTest {

    private static final int MANY = 40;

    @Test
    void aClientThatSendsManyRequestsAtOnceDoesNotKeepAnotherOneWaiting() throws Exception {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch otherSent = new CountDownLatch(1);
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .setHandler(new Turns(
                        exchange -> {
                            handled.add(exchange.getRequestPath());
                            if (exchange.getRequestPath().equals("/greedy")) {
                                begun.countDown();
                                otherSent.await();
                            }
                            exchange.endExchange();
                        },
                        1))
                .build();
        server.start();
        try (RawConnection greedy = new RawConnection(server);
                RawConnection other = new RawConnection(server)) {
            other.write(request("/before"));
            assertThat(other.head()).startsWith("HTTP/1.1 200 OK");
            greedy.write(request("/greedy").repeat(MANY));
            begun.await();
            other.write(request("/after"));
            otherSent.countDown();

            for (int i = 0; i < MANY; i++) {
                assertThat(greedy.head()).startsWith("HTTP/1.1 200 OK");
            }
            assertThat(other.head()).startsWith("HTTP/1.1 200 OK");
            assertThat(handled).hasSize(MANY + 2).containsOnlyOnce("/after");
            assertThat(handled.stream().toList().indexOf("/after")).isLessThan(MANY / 2);
        } finally {
            server.stop();
        }
    }

    /** Also where a response begins a request of another connection, or handling one fails. */
    @Test
    void manyClientsThatSendManyRequestsGetAllResponses() throws Exception {
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setHandler(new Turns(
                        exchange -> {
                            if (exchange.getRequestPath().equals("/fails")) {
                                throw new IllegalStateException("by the test");
                            }
                            exchange.endExchange();
                        },
                        1))
                .build();
        server.start();
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                RawConnection client = new RawConnection(server);
                clients.add(client);
                client.write((request("/") + request("/fails")).repeat(MANY / 2));
            }
            for (RawConnection client : clients) {
                for (int i = 0; i < MANY / 2; i++) {
                    assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                    assertThat(client.head()).startsWith("HTTP/1.1 500 ");
                }
            }
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
            server.stop();
        }
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }
}
