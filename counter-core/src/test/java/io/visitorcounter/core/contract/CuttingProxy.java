package io.visitorcounter.core.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A TCP proxy that harms connections between a client and a server: above all, it loses the answer to a write that the
 *  server made. It listens on the loopback and has two threads for each connection. */
public final class CuttingProxy implements AutoCloseable {

    /** What happens to an answer. */
    public enum Cut {
        /** It passes. */
        NONE,
        /** It is lost and both connections are closed with FIN. */
        FIN,
        /** It is lost and the client's connection is reset. */
        RST,
        /** Half of its bytes pass, then both connections are closed. */
        HALF,
        /** It is held back, with all that follow, until {@link CuttingProxy#release()}. */
        STALL,
        /** Neither it nor anything later passes on this connection, which stays open. */
        SILENCE
    }

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile Supplier<Cut> plan = () -> Cut.NONE;
    private volatile String awaited = "";
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile boolean refusing;
    private volatile boolean closed;

    /** Starts one.
     *
     *  @param host of the server
     *  @param port of the server */
    public CuttingProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** {@return the port to connect to} */
    public int port() {
        return listener.getLocalPort();
    }

    /** Decides from now on what happens to the answers of commands that hold a text.
     *
     *  @param text only the first answer after a request with it is harmed; empty is any
     *  @param cut asked for each such answer */
    public void cut(String text, Supplier<Cut> cut) {
        awaited = text;
        plan = cut;
    }

    /** Lets everything pass from now on. */
    public void heal() {
        plan = () -> Cut.NONE;
        refusing = false;
        release();
    }

    /** Lets the answers go that were held back. */
    public void release() {
        CountDownLatch held = released;
        released = new CountDownLatch(1);
        held.countDown();
    }

    /** Closes every connection, and those to come, until {@link #heal()}. */
    public void refuse() {
        refusing = true;
        open.forEach(CuttingProxy::reset);
    }

    /** {@return how many answers were harmed} */
    public int cuts() {
        return cuts.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    reset(client);
                    continue;
                }
                Socket server = new Socket();
                try {
                    server.connect(new InetSocketAddress(host, port), 2000);
                } catch (IOException gone) {
                    reset(client);
                    server.close();
                    continue;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                Connection connection = new Connection(client, server);
                start(connection::requests);
                start(connection::answers);
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** A client's connection and the one it leads to. */
    private final class Connection {

        private final Socket client;
        private final Socket server;
        private final AtomicInteger asked = new AtomicInteger();

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            byte[] buffer = new byte[65536];
            try (InputStream in = client.getInputStream()) {
                OutputStream out = server.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(awaited)) {
                        asked.incrementAndGet();
                    }
                    out.write(buffer, 0, n);
                    out.flush();
                }
                server.shutdownOutput();
            } catch (IOException ended) {
                closeBoth();
            }
        }

        void answers() {
            byte[] buffer = new byte[65536];
            try (InputStream in = server.getInputStream()) {
                OutputStream out = client.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!pass(buffer, n, out)) {
                        return;
                    }
                }
                closeBoth();
            } catch (IOException | InterruptedException ended) {
                closeBoth();
            }
        }

        private boolean pass(byte[] buffer, int n, OutputStream out) throws IOException, InterruptedException {
            Cut cut = asked.getAndSet(0) > 0 ? plan.get() : Cut.NONE;
            if (cut != Cut.NONE) {
                cuts.incrementAndGet();
            }
            switch (cut) {
                case FIN -> closeBoth();
                case RST -> {
                    reset(client);
                    closeBoth();
                }
                case HALF -> {
                    out.write(buffer, 0, n / 2);
                    out.flush();
                    closeBoth();
                }
                case SILENCE -> drainForever();
                case STALL -> {
                    released.await();
                    out.write(buffer, 0, n);
                    out.flush();
                }
                case NONE -> {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
            return cut == Cut.NONE || cut == Cut.STALL;
        }

        private void drainForever() throws IOException {
            server.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        private void closeBoth() {
            shut(client);
            shut(server);
        }
    }

    private void shut(@Nullable Socket socket) {
        if (socket != null) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                // It is closed as far as it can be.
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            // A linger of 0 sends RST in place of FIN.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed as far as it can be.
        }
    }

    @Override
    public void close() {
        closed = true;
        release();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(this::shut);
    }
}
