package io.visitorcounter.release.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
            Thread answers = new Thread(() -> haveNothing(server), "nothing-there");
            answers.setDaemon(true);
            answers.start();
            String host = "127.0.0.1:" + server.getLocalPort();
            run("create", "dev", "--app", host + "/app" + ABSENT);
            run("history", "dev", "--ledger", "http://" + host + "/ledger.git");
        }
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

    /** Says of everything that it is not there, until the socket is closed. */
    private static void haveNothing(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                    // What is asked for does not matter.
                }
                socket.getOutputStream()
                        .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client or the server has closed it: the loop's condition knows which.
            }
        }
    }
}
