package io.visitorcounter.core.redis;

import io.visitorcounter.core.contract.RedisServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes as a Redis sees them: each a connection with a record of its own for each counter, and one command in flight
 *  for each; the visits that come meanwhile go with the next. All on one thread, and only the bytes, so that a thousand cost
 *  this machine less than the Redis that is measured. */
final class SimulatedLanes implements AutoCloseable {

    /** Of one process, when its visits are to many counters. */
    private static final int MAX_IN_FLIGHT = 64;

    private static final int NUMBERS = VisitReply.SIZE;
    private static final long IDLE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long RECORD_KEPT_MILLIS = Duration.ofHours(6).toMillis();

    private final int counters;
    private final double visitsPerNano;
    private final Random random = new Random(1);
    private final Selector selector = Selector.open();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final Map<Integer, Long> totals = new HashMap<>();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private long commands;
    private long visits;

    /** Connects.
     *
     *  @param redis which has the script
     *  @param count how many processes, each with a connection
     *  @param counters how many; each visit is to one of them, by chance
     *  @param rate visits a second that come to each process, evenly */
    SimulatedLanes(RedisServer redis, int count, int counters, double rate) throws IOException {
        this.counters = counters;
        this.visitsPerNano = rate / TimeUnit.SECONDS.toNanos(1);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(redis.host(), redis.port()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            processes.add(new SimulatedProcess(i, channel));
        }
    }

    /** Lets visits come for some time, and then waits for the last reply. */
    void run(Duration time) throws IOException {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        processes.forEach(process -> process.start(start));
        long now = start;
        while (now < end || processes.stream().anyMatch(process -> !process.inFlight.isEmpty())) {
            boolean idle = selector.selectNow() == 0;
            for (SelectionKey key : selector.selectedKeys()) {
                ((SimulatedProcess) key.attachment()).read();
            }
            selector.selectedKeys().clear();
            now = System.nanoTime();
            if (now < end) {
                for (SimulatedProcess process : processes) {
                    idle &= !process.send(now);
                }
            }
            if (idle) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    /** {@return how many visits were counted} */
    long visits() {
        return visits;
    }

    /** {@return how many commands that took} */
    long commands() {
        return commands;
    }

    /** {@return the sum of the highest numbers that were given for each counter} */
    long sumOfTotals() {
        return totals.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return how long visits waited; each as long as the first one of its command} */
    LatencyHistogram latencies() {
        return latencies;
    }

    @Override
    public void close() throws IOException {
        for (SimulatedProcess process : processes) {
            process.channel.close();
        }
        selector.close();
    }

    private static String command(String... words) {
        return "*" + words.length + "\r\n"
                + Stream.of(words)
                        .map(word -> "$" + word.length() + "\r\n" + word + "\r\n")
                        .collect(Collectors.joining());
    }

    /** What waits for its reply. */
    private record Sent(int counter, long visits, long cumulative, long oldest) {}

    private final class SimulatedProcess {

        private final int number;
        private final SocketChannel channel;
        private final Map<Integer, Long> acknowledged = new HashMap<>();
        private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();
        private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
        private final long[] reply = new long[NUMBERS];
        private int numbers;
        private long start;
        private long taken;

        SimulatedProcess(int number, SocketChannel channel) throws IOException {
            this.number = number;
            this.channel = channel;
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void start(long nanos) {
            // Not all at the same moment.
            start = nanos - (long) (random.nextDouble() / visitsPerNano);
        }

        /** {@return whether there was something to send} */
        boolean send(long now) throws IOException {
            long arrived = (long) ((now - start) * visitsPerNano) - taken;
            StringBuilder out = new StringBuilder();
            if (counters == 1) {
                if (arrived > 0 && inFlight.isEmpty()) {
                    append(out, 0, arrived);
                }
            } else {
                for (; arrived > 0 && inFlight.size() < MAX_IN_FLIGHT; arrived--) {
                    int counter = random.nextInt(counters);
                    if (inFlight.stream().noneMatch(sent -> sent.counter == counter)) {
                        append(out, counter, 1);
                    }
                }
            }
            ByteBuffer bytes = ByteBuffer.wrap(out.toString().getBytes(StandardCharsets.US_ASCII));
            boolean some = bytes.hasRemaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return some;
        }

        private void append(StringBuilder out, int counter, long count) {
            long before = acknowledged.getOrDefault(counter, 0L);
            long oldest = start + (long) ((taken + 1) / visitsPerNano);
            inFlight.add(new Sent(counter, count, before + count, oldest));
            taken += count;
            String value = "c" + counter;
            out.append(command(
                    "EVALSHA",
                    Script.VISIT.sha1(),
                    "4",
                    value,
                    "{" + value + "}:generation",
                    "{" + value + "}:lane:" + number,
                    "{" + value + "}:hours",
                    Long.toString(before + count),
                    Long.toString(before),
                    "0",
                    "0",
                    Long.toString(RECORD_KEPT_MILLIS),
                    "48"));
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server closed a connection");
            }
            in.flip();
            int line = in.position();
            for (int i = line; i < in.limit(); i++) {
                if (in.get(i) == '\n') {
                    take(new String(in.array(), line, i - 1 - line, StandardCharsets.US_ASCII));
                    line = i + 1;
                }
            }
            in.position(line);
            in.compact();
        }

        private void take(String line) {
            if (line.startsWith("-")) {
                throw new IllegalStateException(line);
            }
            if (line.startsWith("*")) {
                return;
            }
            reply[numbers++] = Long.parseLong(line.substring(1));
            if (numbers == NUMBERS) {
                numbers = 0;
                answered(inFlight.remove());
            }
        }

        private void answered(Sent sent) {
            if (reply[0] != 0 || reply[1] != sent.cumulative) {
                throw new IllegalStateException("outcome " + reply[0] + " of " + sent);
            }
            acknowledged.put(sent.counter, sent.cumulative);
            totals.merge(sent.counter, reply[2], Math::max);
            visits += sent.visits;
            commands++;
            latencies.add(System.nanoTime() - sent.oldest, sent.visits);
        }
    }
}
