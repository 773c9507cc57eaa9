package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.VisitRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of the fast way are answered. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VisitBatcherTest extends BatchingServer {

    @Test
    void manyConnectionsGetEveryNumberOnce() throws Exception {
        int connections = 40;
        int each = 250;
        ExecutorService clients = Executors.newFixedThreadPool(connections);
        try {
            List<Future<List<Long>>> answers = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                answers.add(clients.submit(requests(each)));
            }

            List<Long> numbers = new ArrayList<>();
            for (Future<List<Long>> response : answers) {
                assertThat(response.get()).isSorted();
                numbers.addAll(response.get());
            }

            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, (long) connections * each)
                            .boxed()
                            .toList());
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (RawConnection connection = new RawConnection(server)) {
            connection.write(REQUEST.repeat(200));

            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                numbers.add(connection.number());
            }

            assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
        }
    }

    @Test
    void aRequestThatComesInPiecesBehindAnotherIsAnswered() throws Exception {
        try (RawConnection connection = new RawConnection(server)) {
            connection.write(REQUEST + "GET / HT");
            long first = connection.number();
            connection.write("TP/1.1\r\nHost: x\r\n");
            connection.write("\r\n" + REQUEST);

            assertThat(List.of(first, connection.number(), connection.number())).isEqualTo(List.of(1L, 2L, 3L));
        }
    }

    @Test
    void aClientThatReadsSlowlyGetsEachAnswerWhole() throws Exception {
        int count = 20_000;
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (RawConnection connection = new RawConnection(server)) {
            Future<?> written = writer.submit(() -> {
                connection.write(REQUEST.repeat(count));
                return null;
            });
            long before;
            do {
                before = steps.size();
                Thread.sleep(100);
            } while (steps.size() > before || before == 0);
            assertThat(steps.size()).as("answers that wait for the client").isLessThan(count);

            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                numbers.add(connection.number());
            }

            assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
            written.get();
        } finally {
            writer.shutdownNow();
        }
    }

    /** A connection that is to be closed is answered by Undertow's own way. */
    @Test
    void theFastResponseIsTheOrdinaryOne() throws Exception {
        String ordinary;
        try (RawConnection connection = new RawConnection(server)) {
            connection.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            ordinary = connection.head();
        }
        try (RawConnection connection = new RawConnection(server)) {
            connection.write(REQUEST);
            String fast = connection.head();

            assertThat(lines(fast)).isEqualTo(lines(ordinary.replace("Connection: close\n", "")));
        }
    }

    private static Set<String> lines(String head) {
        return head.replaceFirst("Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", "Date: now")
                .lines()
                .collect(Collectors.toSet());
    }

    @Test
    void connectionsThatAreCutTakeNoAnswerFromOthers() throws Exception {
        for (int i = 0; i < 50; i++) {
            RawConnection cut = new RawConnection(server);
            cut.write(REQUEST);
            cut.reset();
        }
        try (RawConnection connection = new RawConnection(server)) {
            connection.write(REQUEST);

            long number = connection.number();

            assertThat(number).isBetween(1L, 51L);
        }
    }

    @Test
    void aConnectionThatAsksToBeClosedIsClosed() throws Exception {
        try (RawConnection connection = new RawConnection(server)) {
            connection.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertThat(connection.number()).isEqualTo(1);
            assertThat(connection.ended()).isTrue();
        }
    }

    @Test
    void aVisitThatIsNotCountedIsAProblemToTryAgain() throws Exception {
        CompletionStage<VisitRange> before = counter.visit(1);
        before.toCompletableFuture().get(5, TimeUnit.SECONDS);
        store.close();
        try (RawConnection connection = new RawConnection(server)) {
            connection.write(REQUEST);

            String head = connection.head();

            assertThat(head)
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1")
                    .contains("application/problem+json");
        }
    }

    private Callable<List<Long>> requests(int count) {
        return () -> {
            List<Long> numbers = new ArrayList<>();
            try (RawConnection connection = new RawConnection(server)) {
                for (int i = 0; i < count; i++) {
                    connection.write(REQUEST);
                    numbers.add(connection.number());
                }
            }
            return numbers;
        };
    }
}
