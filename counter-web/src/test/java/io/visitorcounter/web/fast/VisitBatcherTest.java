package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.VisitRange;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.values.Greeting;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.Options;

/** The fast way over raw sockets, where pipelining and cut connections can be had. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VisitBatcherTest {

    private static final int MAX = 150;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /** How many visits each call asked for. */
    private final Queue<Integer> steps = new ConcurrentLinkedQueue<>();

    private final CounterStore store = CounterStore.open(URI.create("memory:/"), CounterOptions.defaults());
    /** Done by the I/O thread, each for one of the next requests before it is handled. */
    private final Queue<Callable<?>> whileRead = new ConcurrentLinkedQueue<>();

    private final VisitorCounter counter = store.counter(CounterName.of("c"));
    private final Undertow server = server(2);

    private Undertow server(int ioThreads) {
        return Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(ioThreads)
                .setWorkerThreads(1)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                // a client that reads slowly is soon one that has to be waited for
                .setSocketOption(Options.SEND_BUFFER, 4096)
                .setHandler(new Guard(
                        disturbed(new VisitBatcher(
                                ThreadStores.single(recorded(counter)), new Greeting("Hi"), MAX, ioThreads)),
                        1024,
                        new ClientMemory(1 << 20, 100, new ClientAddress(List.of()))))
                .build();
    }

    private VisitorCounter recorded(VisitorCounter counter) {
        return (VisitorCounter) Proxy.newProxyInstance(
                VisitorCounter.class.getClassLoader(),
                new Class<?>[] {VisitorCounter.class},
                (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof Integer visits) {
                        steps.add(visits);
                    }
                    return method.invoke(counter, arguments);
                });
    }

    private HttpHandler disturbed(HttpHandler next) {
        return exchange -> {
            Callable<?> disturbance = whileRead.poll();
            if (disturbance != null) {
                disturbance.call();
            }
            next.handleRequest(exchange);
        };
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        store.close();
    }

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
    void ofManyThatCameTogetherTheFirstAreCountedWhileTheOthersAreRead() throws Exception {
        onOneThread(MAX);

        assertThat(steps).containsExactly(VisitBatcher.FIRST, MAX - VisitBatcher.FIRST);
    }

    @Test
    void noStepIsLargerThanTheQueue() throws Exception {
        onOneThread(VisitBatcher.FIRST + MAX + 20);

        assertThat(steps).containsExactly(VisitBatcher.FIRST, MAX, 20);
    }

    @Test
    void whatComesWhileFewAreReadIsCountedWithThemButNotForEver() throws Exception {
        Undertow single = server(1);
        single.start();
        List<RawConnection> late = new ArrayList<>();
        try {
            for (int i = 0; i < VisitBatcher.MORE_PASSES + 1; i++) {
                RawConnection connection = new RawConnection(single);
                connection.write(REQUEST);
                connection.number();
                late.add(connection);
            }
            Callable<?> nothing = () -> null;
            List<Callable<?>> disturbances = new ArrayList<>();
            for (RawConnection connection : late) {
                disturbances.add(() -> {
                    connection.write(REQUEST);
                    return null;
                });
            }
            // Two come together, and one more in each pass after that.
            disturbances.add(1, nothing);

            numbersOfRequestsThatComeTogether(single, 1, 2, disturbances);

            for (RawConnection connection : late) {
                connection.number();
            }
            assertThat(steps).containsExactly(2 + VisitBatcher.MORE_PASSES, 1);
        } finally {
            single.stop();
            for (RawConnection connection : late) {
                connection.close();
            }
        }
    }

    @Test
    void aClientThatIsAloneIsCountedAtOnce() throws Exception {
        Undertow single = server(1);
        single.start();
        try (RawConnection late = new RawConnection(single)) {
            late.write(REQUEST);
            late.number();

            numbersOfRequestsThatComeTogether(single, 1, 1, List.of(() -> {
                late.write(REQUEST);
                return null;
            }));

            late.number();
            assertThat(steps).containsExactly(1, 1);
        } finally {
            single.stop();
        }
    }

    @Test
    void fewThatCameTogetherAreOneBatch() throws Exception {
        onOneThread(VisitBatcher.FIRST - 1);

        assertThat(steps).containsExactly(VisitBatcher.FIRST - 1);
    }

    private void onOneThread(int count) throws Exception {
        Undertow single = server(1);
        single.start();
        try {
            assertThat(numbersOfRequestsThatComeTogether(single, 1, count))
                    .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(count + 1, 2L * count)
                            .boxed()
                            .toList());
        } finally {
            single.stop();
        }
    }

    @Test
    void largePassesOfTwoThreadsGiveEachRequestItsNumber() throws Exception {
        List<Long> numbers = numbersOfRequestsThatComeTogether(server, 2, 3 * MAX);

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(3 * MAX + 1, 6 * MAX).boxed().toList());
        // One of the two threads has at least half of the connections, and reads them in one pass.
        assertThat(steps).anyMatch(visits -> visits >= MAX);
    }

    /** {@return the numbers that as many connections got, each for one request, which all were there before one was read} */
    private List<Long> numbersOfRequestsThatComeTogether(Undertow from, int threads, int count) throws Exception {
        return numbersOfRequestsThatComeTogether(from, threads, count, List.of());
    }

    private List<Long> numbersOfRequestsThatComeTogether(
            Undertow from, int threads, int count, List<Callable<?>> disturbances) throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        CountDownLatch held = new CountDownLatch(threads);
        CountDownLatch written = new CountDownLatch(1);
        try {
            for (int i = 0; i < count; i++) {
                connections.add(new RawConnection(from));
                connections.get(i).write(REQUEST);
                connections.get(i).number();
            }
            steps.clear();
            whileRead.addAll(disturbances);
            for (int thread = 0; thread < threads; thread++) {
                from.getWorker().getIoThread(thread).execute(() -> {
                    held.countDown();
                    await(written);
                });
            }
            await(held);
            for (RawConnection connection : connections) {
                connection.write(REQUEST);
            }
            written.countDown();

            List<Long> numbers = new ArrayList<>();
            for (RawConnection connection : connections) {
                numbers.add(connection.number());
            }
            return numbers;
        } finally {
            written.countDown();
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
