package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar, started as an operator starts it. */
class MainIT {

    @TempDir
    Path folder;

    @Test
    void itCountsOnAfterARestartAndStopsWithZero() throws Exception {
        int status;
        try (AppProcess first = AppProcess.start(folder, Map.of("HTTP_PORT", "0"))) {
            first.get("/");
            first.get("/");
            first.terminate();
            status = first.exit();
            assertThat(first.stdout())
                    .contains("release none, counting visitorCount in sqlite:"
                            + folder.toRealPath().resolve("data/visitors.db"));
            assertThat(first.stdout().lines().toList()).last().asString().endsWith("INFO web: stopped");
            assertThat(first.stderr()).isEmpty();
        }

        String text;
        try (AppProcess second = AppProcess.start(folder, Map.of("HTTP_PORT", "0", "RELEASE", "dev@v3"))) {
            text = second.get("/").body();
            assertThat(second.stdout()).contains("release dev@v3");
        }

        assertThat(status).isZero();
        assertThat(text).isEqualTo("Welcome to KODEKLOUD! Visitor Count: 3");
    }

    @Test
    void itsCountersMoveToTheConfiguredStore() throws Exception {
        try (AppProcess first = AppProcess.start(folder, Map.of("HTTP_PORT", "0"))) {
            first.get("/");
            first.get("/");
            first.terminate();
            first.exit();
        }
        Path config = Files.writeString(
                folder.resolve("new.conf"), AppProcess.reference() + "sqlite.path = new.db\nhttp.port = 0\n");
        Map<String, String> environment = Map.of("CONFIG_FILE", config.toString());

        try (AppProcess move = AppProcess.command(folder, environment, "move", "sqlite:data/visitors.db");
                AppProcess wrong = AppProcess.command(folder, environment, "move")) {
            assertThat(move.exit()).as(move.stderr()).isZero();
            assertThat(move.stdout()).isEqualTo("visitorCount: 2 (1 of 1)" + System.lineSeparator());
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.stderr()).contains("move STORE [--counters NAME,NAME]");
        }

        try (AppProcess second = AppProcess.start(folder, environment)) {
            assertThat(second.get("/").body()).isEqualTo("Welcome to KODEKLOUD! Visitor Count: 3");
        }
    }

    @Test
    void aPortInUseIsOneLineAndTen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AppProcess app = AppProcess.start(folder, Map.of("HTTP_PORT", String.valueOf(taken.getLocalPort())))) {

            int status = app.exit();

            assertThat(status).isEqualTo(10);
            assertThat(app.stderr().lines()).hasSize(1);
            assertThat(app.stderr()).contains(":" + taken.getLocalPort() + ": ").contains("the port is in use");
        }
    }

    @Test
    void aRedisThatIsNotThereIsOneLineAndTen() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> redis =
                Map.of("HTTP_PORT", "0", "HOST", "127.0.0.1", "PORT", String.valueOf(port), "REDIS_PASSWORD", "hush");
        try (AppProcess app = AppProcess.start(folder, redis)) {

            int status = app.exit();

            assertThat(status).isEqualTo(10);
            assertThat(app.stderr().lines()).hasSize(1);
            assertThat(app.stderr()).contains("127.0.0.1:" + port).doesNotContain("hush");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.pem", ".", "app.conf"})
    void aFileOfCertificatesWithoutAnyIsAFaultOfTheConfig(String name) throws Exception {
        Path config = Files.writeString(
                folder.resolve("app.conf"),
                AppProcess.reference() + "http.port = 0\nredis.host = 127.0.0.1\nredis.tls = true\nredis.ca-file = \""
                        + folder.resolve(name) + "\"\n");
        try (AppProcess app = AppProcess.start(folder, Map.of("CONFIG_FILE", config.toString()))) {

            assertThat(app.exit()).isEqualTo(4);
            assertThat(app.stderr().lines()).hasSize(1);
            assertThat(app.stderr()).contains(": expected certificates in PEM form, got ");
        }
    }

    @Test
    void inALogOfJsonAFailureToStartIsALineOfIt() throws Exception {
        Path invalid = Files.writeString(
                folder.resolve("invalid.conf"),
                AppProcess.reference() + "log.format = json\nqueue = 0\nhttp.prt = 1\n");
        Path taken = folder.resolve("taken.conf");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    taken,
                    AppProcess.reference() + "log.format = json\nstore = memory\nhttp.host = 127.0.0.1\nhttp.port = "
                            + socket.getLocalPort());
            try (AppProcess wrong = AppProcess.start(folder, Map.of("CONFIG_FILE", invalid.toString()));
                    AppProcess second = AppProcess.start(folder, Map.of("CONFIG_FILE", taken.toString()))) {

                assertThat(wrong.exit()).isEqualTo(4);
                assertThat(second.exit()).isEqualTo(10);
                assertThat(wrong.stdout().lines())
                        .hasSize(2)
                        .allMatch(line -> ConfigFactory.parseString(line)
                                .getString("level")
                                .equals("ERROR"));
                assertThat(second.stdout().lines())
                        .filteredOn(line -> !line.contains("\"level\":\"INFO\""))
                        .singleElement()
                        .asString()
                        .contains("\"level\":\"ERROR\"", "the port is in use");
                assertThat(wrong.stderr() + second.stderr()).isEmpty();
            }
        }
    }

    /** In the image the JVM ends by its own switch; here nothing but the app itself does it. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC"})
    void aProcessThatRanOutOfMemoryEndsAndSaysSo(String collector) throws Exception {
        Path config = Files.writeString(folder.resolve("app.conf"), AppProcess.reference() + """
            store = memory
            http.host = 127.0.0.1
            http.port = 0
            other-counters = "*"
            new-counters = 1000000
            """);
        try (AppProcess app = AppProcess.start(
                folder, Map.of("CONFIG_FILE", config.toString()), "-XX:-UseSerialGC", collector, "-Xmx16m")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
                Thread reader = new Thread(() -> read(socket));
                reader.start();
                for (int i = 0; i < 300_000; i++) {
                    socket.getOutputStream()
                            .write(("POST /counters/n" + i + "-" + "x".repeat(80)
                                            + "/visits HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // the process has ended, as it should
            }

            int status = app.exit();

            assertThat(status).isEqualTo(3);
            assertThat(app.stderr().lines()).singleElement().asString().startsWith("out of memory; exiting");
        }
    }

    @Test
    void aFolderThatCanNotBeWrittenIsOneLineAndTen() throws Exception {
        Files.writeString(folder.resolve("data"), "a file where the folder should be");
        try (AppProcess app = AppProcess.start(folder, Map.of("HTTP_PORT", "0"))) {

            int status = app.exit();

            assertThat(status).isEqualTo(10);
            assertThat(app.stderr().lines()).hasSize(1);
            assertThat(app.stderr()).contains("data");
        }
    }

    @Test
    void aWrongConfigIsALineAFaultAndFour() throws Exception {
        Map<String, String> wrong = Map.of("HTTP_PORT", "eighty", "PORT", "0");
        try (AppProcess app = AppProcess.start(folder, wrong)) {

            int status = app.exit();

            assertThat(status).isEqualTo(4);
            assertThat(app.stderr().lines()).hasSize(2).allMatch(line -> line.contains("expected a whole number"));
            assertThat(folder.resolve("data")).doesNotExist();
        }
    }

    @Test
    void everyLineOfTheLogIsJsonWhereTheConfigSaysSo() throws Exception {
        Path config = folder.resolve("app.conf");
        Files.writeString(config, AppProcess.reference() + """
            store = memory
            other-counters = x
            http { host = "127.0.0.1", port = 0, drain-delay = 100ms }
            log { format = json, level = info, access = true }
            """);
        try (AppProcess app = AppProcess.start(folder, Map.of("CONFIG_FILE", config.toString()))) {
            app.get("/counters/visitorCount?history=1h");
            app.terminate();

            int status = app.exit();

            assertThat(status).isZero();
            assertThat(app.stdout().lines())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(
                            line -> assertThat(ConfigFactory.parseString(line).getString("level"))
                                    .isEqualTo("INFO"));
            assertThat(app.stdout().lines().map(ConfigFactory::parseString).filter(line -> line.hasPath("path")))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.getString("path")).isEqualTo("/counters/visitorCount");
                        assertThat(line.getInt("status")).isEqualTo(200);
                        assertThat(line.getString("client")).isEqualTo("127.0.0.1");
                        assertThat(line.getLong("micros")).isPositive();
                    });
        }
    }

    private static void read(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // it is closed
        }
    }
}
