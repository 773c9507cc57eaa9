package io.visitorcounter.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app image without its base, as the build packages it. */
class ImageIT {

    private static final long MAX_BYTES = 14L << 20;
    private static final int BLOCK = 512;

    private static Map<String, byte[]> files;
    private static Config manifest;
    private static Config config;

    @BeforeAll
    static void read() throws IOException {
        files = untar(Files.readAllBytes(Path.of("target", "image-to-test", "image.tar")));
        manifest = json("{\"images\":" + text("manifest.json") + "}")
                .getConfigList("images")
                .get(0);
        config = json(text(manifest.getString("Config")));
    }

    @Test
    void itIsSmall() {
        long bytes = manifest.getStringList("Layers").stream()
                .mapToLong(layer -> bytes(layer).length)
                .sum();

        assertThat(bytes).as("compressed, without the base").isBetween(1L << 20, MAX_BYTES);
    }

    @Test
    void itCarriesItsContractByteForByteWithTheDigest() throws Exception {
        Config labels = config.getConfig("config.Labels");
        String contract = labels.getString("\"io.visitorcounter.contract\"");

        byte[] hash = MessageDigest.getInstance("SHA-256").digest(contract.getBytes(StandardCharsets.UTF_8));
        assertThat(labels.getString("\"io.visitorcounter.contract.digest\""))
                .isEqualTo("sha256:" + HexFormat.of().formatHex(hash));
        assertThat(json(contract))
                .isEqualTo(json(Files.readString(Path.of("src", "main", "resources", "config.schema.json"))));
    }

    @Test
    void itSaysWhatItIsAndRunsAsNobodyOfTheHost() {
        assertThat(config.getString("config.User")).isEqualTo("65532:65532");
        assertThat(config.getString("config.WorkingDir")).isEqualTo("/app");
        assertThat(config.getConfig("config.Labels").root().keySet())
                .contains(
                        "org.opencontainers.image.title",
                        "org.opencontainers.image.version",
                        "org.opencontainers.image.revision");
        assertThat(config.getStringList("config.Env"))
                .contains("SOURCE_COMMIT=" + config.getString("config.Labels.\"org.opencontainers.image.revision\""));
        assertThat(config.getConfig("config.Volumes").root().keySet()).containsExactly("/app/data");
    }

    @Test
    void itHasSqliteForServersAsFilesSoThatNothingIsUnpackedWhenItRuns() throws IOException {
        Set<String> libraries = new TreeSet<>();
        for (String layer : manifest.getStringList("Layers")) {
            try (InputStream tar = new GZIPInputStream(new ByteArrayInputStream(bytes(layer)))) {
                untar(tar.readAllBytes()).keySet().stream()
                        .filter(name -> name.contains("sqlitejdbc"))
                        .forEach(libraries::add);
            }
        }

        assertThat(libraries)
                .containsExactly(
                        "app/sqlite/Linux/aarch64/libsqlitejdbc.so", "app/sqlite/Linux/x86_64/libsqlitejdbc.so");
        assertThat(config.getStringList("config.Entrypoint")).contains("-Dio.visitorcounter.sqlite=/app/sqlite");
    }

    @Test
    void itsJvmOptionsAreTakenAndTheMemoryOfCompilingComesBackOnAJvmThatCan() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        config.getStringList("config.Entrypoint").stream()
                .filter(option -> option.startsWith("-X"))
                .forEach(command::add);
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));

        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String flags = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(flags).isZero();
        assertThat(flags.lines().filter(line -> line.contains(" TrimNativeHeapInterval ")))
                .allMatch(line -> line.contains("= 60000 "));
    }

    @Test
    void itsHealthCommandTellsWhetherTheAppBesideItHasStarted(@TempDir Path folder) throws Exception {
        try (AppProcess started = AppProcess.start(folder, Map.of("HTTP_PORT", "0"));
                ServerSocket starting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(health(started.port())).isEqualTo("0 ");

            Thread answer = new Thread(() -> unavailable(starting));
            answer.start();
            assertThat(health(starting.getLocalPort())).isEqualTo("1 /health/started: expected 200, got HTTP/1.1 503");
            answer.join();
        }
        assertThat(health(1)).startsWith("1 /health/started: expected 200, got no answer");
    }

    private static void unavailable(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream()
                    .write("HTTP/1.1 503 Service Unavailable\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return exit code and output of the image's health command} */
    private static String health(int port) throws Exception {
        Config labels = config.getConfig("config.Labels");
        List<String> command =
                new ArrayList<>(json("{\"command\":" + labels.getString("\"io.visitorcounter.health\"") + "}")
                        .getStringList("command"));
        assertThat(command).startsWith("java").contains("/app/classpath/*");
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.replaceAll(part -> part.equals("/app/classpath/*")
                ? Path.of("target", "counter-web.jar").toAbsolutePath().toString()
                : part);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HTTP_PORT", Integer.toString(port));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said.strip();
    }

    private static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String file) {
        return Objects.requireNonNull(files.get(file), file);
    }

    private static Config json(String text) {
        return ConfigFactory.parseString(
                text,
                com.typesafe.config.ConfigParseOptions.defaults().setSyntax(com.typesafe.config.ConfigSyntax.JSON));
    }

    /** The plain files of a tar: a header of one block names a file and its size in octal, its bytes follow. */
    static Map<String, byte[]> untar(byte[] tar) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        int at = 0;
        while (at + BLOCK <= tar.length && tar[at] != 0) {
            String name = field(tar, at, 100);
            int size = Integer.parseInt(field(tar, at + 124, 12).strip(), 8);
            boolean isFile = tar[at + 156] == '0' || tar[at + 156] == 0;
            at += BLOCK;
            if (isFile) {
                found.put(name, java.util.Arrays.copyOfRange(tar, at, at + size));
            }
            at += (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return found;
    }

    private static String field(byte[] tar, int from, int length) {
        String text = new String(tar, from, length, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
