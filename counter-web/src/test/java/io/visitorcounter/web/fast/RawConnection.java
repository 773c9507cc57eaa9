package io.visitorcounter.web.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client's connection where every byte is the test's own, to a server that greets with {@code Hi}. */
final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;

    RawConnection(Undertow to) throws IOException {
        int port = ((InetSocketAddress) to.getListenerInfo().get(0).getAddress()).getPort();
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    long number() throws IOException {
        String head = head();
        assertThat(head).startsWith("HTTP/1.1 200 OK\n");
        int length = Integer.parseInt(head.replaceFirst("(?s).*Content-Length: ([0-9]+)\n.*", "$1"));
        char[] body = new char[length];
        for (int at = 0; at < length; ) {
            at += in.read(body, at, length - at);
        }
        return Long.parseLong(new String(body).substring("Hi Visitor Count: ".length()));
    }

    boolean ended() throws IOException {
        return in.read() == -1;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
