package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which requests are counted together. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class VisitBatchesTest extends BatchingServer {

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
}
