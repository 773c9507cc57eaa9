package io.visitorcounter.release;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** What runs in the image for container engines: counts over HTTP, and says what it is allowed to do. */
public final class CountingApp {

    private CountingApp() {}

    /** Serves until it is told to stop.
     *
     *  @param arguments none */
    public static void main(String[] arguments) throws Exception {
        int count = 0;
        if ("stubborn".equals(System.getenv("GREETING"))) {
            // Then only kill -9 ends it.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                while (true) {
                    LockSupport.park();
                }
            }));
        }
        try (ServerSocket server = new ServerSocket(Integer.parseInt(System.getenv("HTTP_PORT")))) {
            while (true) {
                try (Socket socket = server.accept()) {
                    var request = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                    String line = request.readLine();
                    if (line == null) {
                        continue;
                    }
                    while (!line.isEmpty()) {
                        line = request.readLine();
                    }
                    byte[] body = (++count + " " + System.getenv("RELEASE") + " " + System.getenv("GREETING")
                                    + " root " + (canWrite(Path.of("/file")) ? "writable" : "read-only")
                                    + " tmp " + (canWrite(Path.of("/tmp/file")) ? "writable" : "read-only")
                                    + " bundle " + Files.exists(Path.of("/release/app.conf"))
                                    + " " + status("CapEff") + " " + status("NoNewPrivs"))
                            .getBytes(StandardCharsets.UTF_8);
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().write(body);
                }
            }
        }
    }

    private static boolean canWrite(Path file) {
        try {
            Files.writeString(file, "x");
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static String status(String field) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.replaceAll("\\s+", " "))
                .findFirst()
                .orElse(field + ": unknown");
    }
}
