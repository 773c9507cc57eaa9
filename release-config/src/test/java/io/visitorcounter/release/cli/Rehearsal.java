package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.trust.TestSigner;
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
import java.security.Security;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The usual commands, run once in a folder of their own, so that the JVM can note which classes they load. Touches nothing
 *  beyond its folder and one port of loopback. */
final class Rehearsal {

    // With every keyword that a contract may have: what reads and obeys one is to be in the archive, too.
    private static final String CONTRACT = """
            {"type":"object","additionalProperties":false,"required":["greeting"],"properties":{
            "greeting":{"type":"string","default":"hello","minLength":1,"maxLength":40,"env":"GREETING",
            "description":"what is said"},
            "loud":{"type":"boolean","default":false},
            "mode":{"type":"string","enum":["one","many"],"default":"one"},
            "pause":{"type":"string","format":"hocon-duration","x-minimum":"1ms","x-maximum":"1h","default":"2s"},
            "store":{"type":"object","additionalProperties":false,"properties":{
            "host":{"type":"string","pattern":"[a-z0-9.-]*","default":"","env":"HOST"},
            "port":{"type":"integer","minimum":1,"maximum":65535,"default":6379,"env":"PORT"},
            "password":{"type":"string","writeOnly":true,"default":"","env":"PASSWORD"}}}},
            "if":{"properties":{"mode":{"const":"many"}}},
            "then":{"properties":{"store":{"required":["host"],"properties":{"host":{"minLength":1}}}}}}""";
    private static final String CONFIG = CanonicalJson.text(config());
    private static final String MANIFEST = "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[]}]";
    private static final String LENGTH = "Content-Length:";
    private static final String ABSENT = "@sha256:" + "0".repeat(64);

    private final Path folder;
    // What the registry has, by digest or tag.
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
    private final Map<String, String> variables = new HashMap<>();

    private Rehearsal(Path folder) {
        this.folder = folder;
        variables.put("RELEASE_PROJECT", folder.toString());
        variables.put("DOCKER_CONFIG", folder.toString());
    }

    /** Runs them.
     *
     *  @param arguments an empty folder */
    public static void main(String[] arguments) throws IOException {
        new Rehearsal(Path.of(arguments[0])).run();
    }

    private void run() throws IOException {
        // The JVM looks through them, in an order of its own, for the one that signs.
        Security.getProviders();
        Path app = app();
        config("base", "app { loud = true, greeting = hello, store.port = 6380, pause = 1 s }");
        config("dev", "include required(\"base.conf\")\napp { greeting = ${app.greeting}\" there\" }");
        config("test", "include required(\"base.conf\")\nrelease { promote-from = dev, confirm = false }");
        must("create", "dev", "--app", app.toString());
        config("dev", "app { greeting = second, mode = many, store { host = redis, password = ${PASSWORD} } }");
        must("create", "dev", "--app", app.toString(), "--output", "json");
        must("promote", "dev", "test");
        must("rollback", "dev");
        for (String command : List.of("history dev", "show dev", "diff dev", "status", "verify --all")) {
            must(command.split(" ", -1));
        }
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            keep(pushed());
            keep(CONFIG.getBytes(StandardCharsets.UTF_8));
            daemon("registry", () -> answerAll(server));
            String host = "127.0.0.1:" + server.getLocalPort();
            String there = host + "/app@" + Digest.of(pushed());
            must("create", "dev", "--app", there);
            config("dev", "include required(\"base.conf\")\napp { greeting = third, mode = many, store.host = redis }");
            must("create", "dev", "--app", there, "--reason", "rehearsed");
            must("rollback", "dev");
            run("create", "dev", "--app", host + "/nothing" + ABSENT);
            run("history", "dev", "--ledger", "http://" + host + "/nothing.git");
            signed(there);
        }
    }

    /** The same with a key, in a job. */
    private void signed(String app) throws IOException {
        TestSigner key = TestSigner.make(folder.resolve("key"), "rehearsal");
        key.allow(folder.resolve("environments"), "ci");
        Files.writeString(folder.resolve("sbom.json"), "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"}");
        variables.put("RELEASE_SIGNING_KEY", key.file());
        variables.put("JENKINS_URL", "https://ci.example/");
        variables.put("BUILD_URL", "https://ci.example/job/1/");
        String asked = "release { require-signature-by = [ci], require-build-by = [ci] ";
        String bill = folder.resolve("sbom.json").toString();
        must("attest", app, "--provenance", "--sbom", bill);
        config("dev", "include required(\"base.conf\")\napp.greeting = fourth\n" + asked + "}");
        config("test", "include required(\"base.conf\")\n" + asked + ", promote-from = dev }");
        must("create", "dev", "--app", app, "--sbom", bill);
        must("promote", "dev", "test");
        must("rollback", "dev");
        must("verify", "--all");
    }

    private static ObjectNode config() {
        ObjectNode config = CanonicalJson.object().put("architecture", "amd64").put("os", "linux");
        config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        config.putObject("config").putObject("Labels").put("io.visitorcounter.contract", CONTRACT);
        return config;
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
        return Main.run(
                new ProcessContext(variables, Clock.systemUTC(), InputStream.nullInputStream(), nowhere, nowhere),
                arguments);
    }

    private void config(String name, String text) throws IOException {
        Path environments = Files.createDirectories(folder.resolve("environments"));
        Files.writeString(environments.resolve(name + ".conf"), text + "\n");
    }

    private Path app() throws IOException {
        Path file = folder.resolve("app.tar");
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
    private void answerAll(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                daemon("connection", () -> answerAll(socket));
            } catch (IOException e) {
                // The server was closed: the loop's condition knows.
            }
        }
    }

    private void answerAll(Socket connection) {
        try (connection) {
            while (answer(connection.getInputStream(), connection.getOutputStream())) {
                // The client asks on the same connection again.
            }
        } catch (IOException e) {
            // The client has closed it.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether there was a request. */
    private boolean answer(InputStream in, OutputStream out) throws IOException {
        String request = line(in);
        if (request.isEmpty()) {
            return false;
        }
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        byte[] sent = in.readNBytes(length);
        String method = request.substring(0, request.indexOf(' '));
        // A digest or a tag: in the query of an upload, and else at the end of the path.
        String name = request.substring(0, request.lastIndexOf(' ')).replaceAll(".*(/|digest=)", "");
        name = name.replace("%3A", ":");
        if (method.equals("PUT")) {
            keep(sent);
            kept.put(name, sent);
        }
        byte[] body = method.equals("GET") ? kept.getOrDefault(name, new byte[0]) : new byte[0];
        String digest = name.startsWith("sha256:") ? "Docker-Content-Digest: " + name + "\r\n" : "";
        String head = "HTTP/1.1 " + status(method, kept.containsKey(name)) + "\r\nLocation: /upload\r\n" + digest
                + LENGTH + " " + body.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        return true;
    }

    private static String status(String method, boolean isKept) {
        return switch (method) {
            case "POST" -> "202 Accepted";
            case "PUT" -> "201 Created";
            default -> isKept ? "200 OK" : "404 Not Found";
        };
    }

    private void keep(byte[] bytes) {
        kept.put(Digest.of(bytes).text(), bytes);
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
