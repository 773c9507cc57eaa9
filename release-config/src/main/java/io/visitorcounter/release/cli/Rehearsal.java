package io.visitorcounter.release.cli;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The usual commands, played once on a stage of their own, so that the JVM can note which classes they load and put
 *  these into an archive that it maps at the next start. Touches nothing beyond its folder and one port of loopback. */
final class Rehearsal {

    private static final String CONFIG = """
            {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"Labels":{\
            "io.visitorcounter.contract":"{\\"type\\":\\"object\\",\\"additionalProperties\\":false,\\"properties\\":{\
            \\"greeting\\":{\\"type\\":\\"string\\",\\"default\\":\\"hello\\",\\"env\\":\\"GREETING\\"},\
            \\"loud\\":{\\"type\\":\\"boolean\\",\\"default\\":false},\
            \\"limit\\":{\\"type\\":\\"integer\\",\\"minimum\\":1,\\"default\\":5}}}"}}}""";
    private static final String MANIFEST = "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[]}]";
    private static final String LENGTH = "Content-Length:";
    private static final String ABSENT = "@sha256:" + "0".repeat(64);

    private final Path stage;

    private Rehearsal(Path stage) {
        this.stage = stage;
    }

    /** Plays.
     *
     *  @param arguments an empty folder */
    public static void main(String[] arguments) throws IOException {
        new Rehearsal(Path.of(arguments[0])).play();
    }

    private void play() throws IOException {
        Path app = app();
        config("base", "app { loud = true, greeting = hello, limit = 3 }");
        config("dev", "include required(\"base.conf\")\napp { greeting = ${app.greeting}\" there\" }");
        config("test", "include required(\"base.conf\")\nrelease { promote-from = dev, confirm = false }");
        must("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = second }");
        must("create", "dev", "--app", app.toString(), "--output", "json");
        must("promote", "dev", "test");
        must("rollback", "dev");
        for (String command : List.of("history dev", "show dev", "diff dev", "status", "verify --all")) {
            must(command.split(" ", -1));
        }
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> answerAll(server), "registry");
            answers.setDaemon(true);
            answers.start();
            String host = "127.0.0.1:" + server.getLocalPort();
            String there = host + "/app@" + Digest.of(pushed());
            must("create", "dev", "--app", there);
            config("dev", "app { greeting = third }");
            must("create", "dev", "--app", there, "--reason", "rehearsed");
            must("rollback", "dev");
            run("create", "dev", "--app", host + "/nothing" + ABSENT);
            run("history", "dev", "--ledger", "http://" + host + "/nothing.git");
        }
    }

    private static byte[] pushed() {
        byte[] config = CONFIG.getBytes(StandardCharsets.UTF_8);
        return ("{\"schemaVersion\":2,\"config\":{\"digest\":\"" + Digest.of(config) + "\",\"size\":" + config.length
                        + "},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void must(String... arguments) {
        int code = run(arguments);
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", arguments) + ": ended with code " + code);
        }
    }

    private int run(String... arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Map<String, String> variables = Map.of("RELEASE_PROJECT", stage.toString(), "DOCKER_CONFIG", stage.toString());
        return new CommandLineTool(
                        new Surroundings(variables, Clock.systemUTC(), InputStream.nullInputStream(), nowhere, nowhere))
                .run(arguments);
    }

    private void config(String name, String text) throws IOException {
        Path folder = Files.createDirectories(stage.resolve("environments"));
        Files.writeString(folder.resolve(name + ".conf"), text + "\n");
    }

    private Path app() throws IOException {
        Path file = stage.resolve("app.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            put(tar, "config.json", CONFIG);
            put(tar, "manifest.json", MANIFEST);
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** Is a registry with one image that takes every other, until the socket is closed. */
    private static void answerAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                answer(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // The client or the server has closed it: the loop's condition knows which.
            }
        }
    }

    private static void answer(InputStream in, OutputStream out) throws IOException {
        String request = line(in);
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        in.skipNBytes(length);
        byte[] body = body(request);
        out.write(("HTTP/1.1 " + status(request) + "\r\nLocation: /upload\r\n" + digest(request) + LENGTH + " "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
    }

    private static String status(String request) {
        boolean known = request.startsWith("GET") || request.contains("/manifests/sha256:");
        if (request.contains("/nothing")) {
            return "404 Not Found";
        }
        return switch (request.substring(0, request.indexOf(' '))) {
            case "POST" -> "202 Accepted";
            case "PUT" -> "201 Created";
            default -> known ? "200 OK" : "404 Not Found";
        };
    }

    private static String digest(String request) {
        int at = request.indexOf("/sha256:");
        return at < 0 ? "" : "Docker-Content-Digest: " + request.substring(at + 1, request.lastIndexOf(' ')) + "\r\n";
    }

    private static byte[] body(String request) {
        if (!request.startsWith("GET") || request.contains("/nothing")) {
            return new byte[0];
        }
        return request.contains("/manifests/") ? pushed() : CONFIG.getBytes(StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
