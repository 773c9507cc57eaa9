package io.visitorcounter.web.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Asks the app in the same container whether it has started, for Swarm and Docker, which check a container with a
 *  command in it. The image's label {@code io.visitorcounter.health} says how to call it. Each call is a new JVM, so it
 *  uses just a socket; an HTTP client would double its processor time.
 *
 *  <p>It asks {@code /health/started} and not {@code /health/ready}, because these engines kill what fails: a short
 *  outage of the store would restart every replica. */
public final class HealthCommand {

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int DEFAULT_PORT = 8080;
    private static final int STATUS_LINE = "HTTP/1.1 200".length();

    private HealthCommand() {}

    /** Exits with 0 if the app has started, else with 1 and a line that says why.
     *
     *  @param args not used; the variable {@code HTTP_PORT} gives the port, by default 8080 */
    public static void main(String[] args) {
        String answer = ask(System.getenv());
        if (!answer.endsWith(" 200")) {
            System.out.println("/health/started: expected 200, got " + answer);
            System.exit(1);
        }
    }

    /** {@return the beginning of the status line, or why there is none} */
    static String ask(Map<String, String> variables) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(variables)), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write("GET /health/started HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] begin = socket.getInputStream().readNBytes(STATUS_LINE);
            return begin.length == 0 ? "nothing" : new String(begin, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }

    private static int port(Map<String, String> variables) {
        String text = variables.getOrDefault("HTTP_PORT", "");
        return text.isEmpty() ? DEFAULT_PORT : Integer.parseInt(text);
    }
}
