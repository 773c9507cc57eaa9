package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients of an app at a port of this machine who make it keep as much as they can, from several hundred addresses; and one
 *  who visits meanwhile, and has to be answered. */
final class Strangers implements AutoCloseable {

    private static final int NAMES = 300_000;
    private static final int WAYS = 4;
    private static final int SENDERS = 6; // for each way
    private static final int PIPELINED = 100;
    private static final int STREAMS = 9000;
    private static final int STREAMS_AT_ONCE = 300;
    private static final int UNREAD = 200;
    private static final int MAX_CONNECTIONS = 3000;
    private static final long HELD_MILLIS = 3000;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final int port;

    Strangers(int port) {
        this.port = port;
    }

    /** Does something while visits go on, one after another, each of which has to be answered with a higher number.
     *
     *  @return how many visits it was */
    int visitsDuring(Attack attack) throws Exception {
        try (Socket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            // The visitor is connected before the others come: places for connections are not what this is about.
            write(socket, get("/"));
            long last = number(response(in));
            int visits = 1;
            long slowest = 0;
            Future<?> underWay = clients.submit(() -> {
                attack.run();
                return null;
            });
            do {
                long begin = System.nanoTime();
                write(socket, get("/"));
                long number = number(response(in));
                assertThat(number).isGreaterThan(last);
                last = number;
                visits++;
                slowest = Math.max(slowest, System.nanoTime() - begin);
                Thread.sleep(5);
            } while (!underWay.isDone());
            underWay.get();
            System.out.println(
                    visits + " visits meanwhile, the slowest in " + TimeUnit.NANOSECONDS.toMillis(slowest) + " ms");
            return visits;
        }
    }

    /** What strangers do. */
    @FunctionalInterface
    interface Attack {

        void run() throws Exception;
    }

    /** Names made-up counters, {@link #NAMES} in all, in each of the ways to name one; nearly all requests have to be answered
     *  with the way's status. */
    void names() throws Exception {
        long begin = System.nanoTime();
        List<Future<Integer>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            String sender = "n" + i + "-";
            senders.add(clients.submit(() -> namesOfOne(sender, "GET", "", 200)));
            senders.add(clients.submit(() -> namesOfOne(sender, "GET", "/badge.svg", 200)));
            senders.add(clients.submit(() -> namesOfOne(sender, "POST", "/visits", 429)));
            senders.add(clients.submit(() -> namesOfOne(sender, "HEAD", "/live", 200)));
        }
        int right = 0;
        for (Future<Integer> sender : senders) {
            right += sender.get();
        }
        System.out.println(right + " names of " + NAMES + " answered as expected, in "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
        assertThat(right).isGreaterThan(NAMES / 100 * 99);
    }

    /** {@return how many of the answers had the status} */
    private int namesOfOne(String sender, String method, String path, int status) throws Exception {
        int right = 0;
        try (Socket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (int sent = 0; sent < NAMES / SENDERS / WAYS; sent += PIPELINED) {
                StringBuilder requests = new StringBuilder();
                for (int j = 0; j < PIPELINED; j++) {
                    requests.append(method)
                            .append(" /counters/")
                            .append(method, 0, 1)
                            .append(path.length())
                            .append(sender)
                            .append(sent + j)
                            .append(path)
                            .append(" HTTP/1.1\r\nHost: x\r\n\r\n");
                }
                write(socket, requests.toString());
                for (int j = 0; j < PIPELINED; j++) {
                    String answer = method.equals("HEAD") ? head(in) : response(in);
                    right += answer.startsWith("HTTP/1.1 " + status) ? 1 : 0;
                }
            }
        }
        return right;
    }

    /** Watches made-up counters, many at once, and leaves; the next ones come once the app has seen that, as one address has
     *  no more than its share of the connections.
     *
     *  @param open how many streams the app has */
    void streams(Callable<Long> open) throws Exception {
        for (int i = 0; i < STREAMS; i += STREAMS_AT_ONCE) {
            List<Socket> watching = new ArrayList<>();
            try {
                for (int j = 0; j < STREAMS_AT_ONCE; j++) {
                    Socket socket = connect();
                    watching.add(socket);
                    write(socket, get("/counters/n" + (i + j) + "/live"));
                }
                for (Socket socket : watching) {
                    assertThat(AppProcess.line(new BufferedInputStream(socket.getInputStream())))
                            .isEqualTo("HTTP/1.1 200 OK");
                }
            } finally {
                for (Socket socket : watching) {
                    socket.close();
                }
            }
            while (open.call() > 0) {
                Thread.sleep(10);
            }
        }
    }

    /** Sends heads without their end.
     *
     *  @param of what they are made: lines, parameters or text */
    void heads(String of) throws Exception {
        hold(
                switch (of) {
                    case "lines" -> "GET / HTTP/1.1\r\nHost: x\r\n" + numbered("X%d:\r\n", 390);
                    case "parameters" -> "GET /?" + numbered("%d&", 99);
                    default -> "GET / HTTP/1.1\r\nHost: x\r\n" + ("X: " + "y".repeat(480) + "\r\n").repeat(32);
                });
    }

    /** Asks for something many times on each connection, and reads nothing. */
    void unread(String path) throws Exception {
        hold(get(path).repeat(UNREAD));
    }

    /** Sends the same on each of many connections, as far as it is taken, and holds them. */
    private void hold(String text) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        List<SocketChannel> held = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_CONNECTIONS; i++) {
                SocketChannel channel = SocketChannel.open();
                held.add(channel);
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                channel.bind(new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, (byte) (1 + i % 40), (byte) (2 + i % 100)}), 0));
                try {
                    channel.socket().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                    channel.configureBlocking(false);
                    channel.write(bytes.duplicate());
                } catch (IOException e) {
                    // refused, or no place left
                }
            }
            Thread.sleep(HELD_MILLIS);
        } finally {
            for (SocketChannel channel : held) {
                channel.close();
            }
        }
    }

    private static String numbered(String format, int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(String.format(Locale.ROOT, format, i));
        }
        return all.toString();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(180_000);
        return socket;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String response(InputStream in) throws IOException {
        String head = head(in);
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\n', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static long number(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("Visitor Count: ");
        return Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = AppProcess.line(in); !line.isEmpty(); line = AppProcess.line(in)) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}
