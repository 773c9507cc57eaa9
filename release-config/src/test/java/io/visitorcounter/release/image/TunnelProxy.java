package io.visitorcounter.release.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy on a free port of this machine that leads every tunnel to one server here, whatever host it is asked for: so a
 *  test is a registry by its real name. */
public final class TunnelProxy implements AutoCloseable {

    private static final Pattern CONNECT = Pattern.compile("CONNECT (\\S+) HTTP/1\\.1\r\n.*", Pattern.DOTALL);

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> tunnels = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile Optional<String> login = Optional.empty();

    /** Starts it.
     *
     *  @param port of the server on this machine */
    public TunnelProxy(int port) {
        this.port = port;
        try {
            server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** From now on asks for a login.
     *
     *  @param pair such as {@code ada:pa55} */
    public void require(String pair) {
        login = Optional.of(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** {@return its address, with a login in it, or without one}
     *
     *  @param pair such as {@code ada:pa55}; empty for none */
    public String address(String pair) {
        return "http://" + (pair.isEmpty() ? "" : pair + "@") + "127.0.0.1:" + server.getLocalPort();
    }

    /** {@return whom it was asked for, such as {@code registry.example:443}, and {@code refused} for each time without the
     *  login} */
    public List<String> tunnels() {
        return tunnels;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (true) {
                String head = head(client.getInputStream());
                Matcher connect = CONNECT.matcher(head);
                if (!connect.matches()) {
                    return;
                }
                if (login.isPresent() && !head.contains("Basic " + login.get() + "\r\n")) {
                    tunnels.add("refused");
                    say(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"here\"");
                    continue;
                }
                tunnels.add(connect.group(1));
                try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    open.add(target);
                    say(client, "200 OK");
                    threads.execute(() -> copy(target, client));
                    copy(client, target);
                }
                return;
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static void say(Socket client, String status) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // Either side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
        threads.shutdownNow();
    }
}
