package io.visitorcounter.core.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A TCP proxy to the loopback over which every byte takes a while, each way. */
final class SlowProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int to;
    private final long delayMillis;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    SlowProxy(int to, long delayMillis) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        this.delayMillis = delayMillis;
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "slow-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.addAll(List.of(client, server));
                start(() -> pass(client, server));
                start(() -> pass(server, client));
            }
        } catch (IOException closed) {
            later.shutdownNow();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what can't be written any more is not missed
    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[65536];
        try (InputStream in = from.getInputStream()) {
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                byte[] some = Arrays.copyOf(bytes, n);
                later.schedule(
                        () -> {
                            out.write(some);
                            return some.length;
                        },
                        delayMillis,
                        TimeUnit.MILLISECONDS);
            }
            to.close();
        } catch (IOException | RejectedExecutionException closed) {
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        sockets.forEach(SlowProxy::close);
    }
}
