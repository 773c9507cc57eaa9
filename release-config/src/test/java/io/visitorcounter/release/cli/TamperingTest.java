package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.TamperedLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is changed after a release is found, with what and where. */
class TamperingTest {

    @TempDir
    static Path original;

    @TempDir
    Path project;

    private Tool tool;

    @BeforeAll
    static void releaseThrice() {
        Tool tool = new Tool(original);
        Path app = FixtureApp.tar(original.resolve("app.tar"), "1");
        for (String greeting : new String[] {"one", "two", "three"}) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev", "--app", app.toString());
        }
        tool.mustRun("verify", "--all", "--deep");
    }

    @AfterAll
    static void stillUntouched() {
        new Tool(original).mustRun("verify", "--all", "--deep");
    }

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> all = Files.walk(original.resolve(".release"))) {
            for (Path path : all.toList()) {
                Path target = project.resolve(original.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        tool = new Tool(project);
        tool.mustRun("verify", "--all", "--deep");
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("a byte of a bundle", "dev v2", files -> flip(files, "dev/000002/bundle/app.conf")),
                change("a byte of an entry", "dev/000002/entry.json", files -> flip(files, "dev/000002/entry.json")),
                change(
                        "another author in an entry",
                        "dev/000002/entry.json",
                        files -> replace(files, "dev/000002/entry.json", "Ada", "Eve")),
                change(
                        "a byte of the newest entry",
                        "dev/000003/entry.json",
                        files -> replace(files, "dev/000003/entry.json", "Ada", "Eve")),
                change(
                        "a release image's manifest",
                        "dev v1",
                        files -> replace(files, "dev/000001/image/release-manifest.json", "\"size\":", "\"size\":1")),
                change(
                        "a release image's config",
                        "dev v1",
                        files -> replace(files, "dev/000001/image/release-config.json", "CONFIG_FILE", "CONFIG_FULL")),
                change(
                        "an app image's config",
                        "dev v1",
                        files -> replace(files, "dev/000001/image/app-config.json", "EchoApp", "EvilApp")),
                change(
                        "an entry removed",
                        "dev/000002/entry.json: entry number 2 is missing",
                        files -> files.keySet().removeIf(path -> path.startsWith("dev/000002/"))),
                change(
                        "two entries swapped",
                        "dev/000003/entry.json",
                        files -> swap(files, "dev/000002", "dev/000003")),
                change(
                        "an entry renumbered",
                        "dev/000003/entry.json",
                        files -> move(files, "dev/000003", "dev/000004")),
                change("an entry added", "dev/000004", files -> {
                    NavigableMap<String, byte[]> copy =
                            new TreeMap<>(files.subMap("dev/000003/", true, "dev/0000030", false));
                    copy.forEach((path, bytes) -> files.put(path.replace("000003", "000004"), bytes));
                }),
                change("a file added", "dev v2: notes.txt", files -> files.put("dev/000002/notes.txt", new byte[1])),
                change(
                        "the head moved back",
                        "entries were removed",
                        files -> replace(files, "head.json", "\"sequence\": 3", "\"sequence\": 2")));
    }

    @ParameterizedTest
    @CsvSource({
        "dev/000002/entry.json, 100755, an executable one",
        "dev/000002/entry.json, 120000, a symbolic link",
        "dev/000002/bundle/app.conf, 100755, an executable one",
        "dev/000002/bundle/app.conf, 120000, a symbolic link",
        "dev/000001/image/app-config.json, 160000, a submodule",
        "head.json, 100755, an executable one",
    })
    void aChangedModeOfAFileIsFound(String path, String mode, String what) {
        TamperedLedger.mode(project.resolve(".release/ledger.git"), path, mode);

        assertThat(tool.run("verify", "--all")).isEqualTo(5);

        assertThat(tool.err()).contains(path + ": expected a plain file, got " + what);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aChangeOfTheLedgerIsFound(String what, String where, Consumer<NavigableMap<String, byte[]>> change) {
        TamperedLedger.change(project.resolve(".release/ledger.git"), change);

        int code = tool.run("verify", "--all");

        assertThat(code).as(what).isEqualTo(5);
        assertThat(tool.err()).contains(where);
    }

    @Test
    void aTruncatedHistoryIsFoundByEveryCommand() {
        TamperedLedger.truncate(project.resolve(".release/ledger.git"), 1);

        assertThat(tool.run("history", "dev")).isEqualTo(5);
        assertThat(tool.err()).hasLineCount(1).contains("entry number 3 was seen here before", "entries were removed");
    }

    @Test
    void aRewrittenHistoryIsFound() {
        TamperedLedger.truncate(project.resolve(".release/ledger.git"), 1);
        Tool another = new Tool(project.resolve("another"));
        another.variables()
                .put("RELEASE_LEDGER", project.resolve(".release/ledger.git").toString());
        another.variables()
                .put("RELEASE_IMAGES", project.resolve(".release/images").toString());
        another.config("dev", "app { greeting = rewritten }");
        another.mustRun("create", "dev", "--app", original.resolve("app.tar").toString());

        assertThat(tool.run("verify", "--all")).isEqualTo(5);
        assertThat(tool.err()).contains("dev/000003/entry.json").contains("it has other bytes now");
    }

    @Test
    void aByteOfAStoredImageIsFoundByDeepVerify() throws IOException {
        Path images = project.resolve(".release/images");
        Path tar;
        try (Stream<Path> files = Files.list(images)) {
            tar = files.filter(file -> file.getFileName().toString().startsWith("rel-"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(tar);
        for (int at : new int[] {600, bytes.length / 2}) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            Files.write(tar, changed);

            assertThat(tool.run("verify", "--all", "--deep")).as("byte %d", at).isEqualTo(5);
            assertThat(tool.err()).contains(tar.getFileName().toString());
            tool.mustRun("verify", "--all", "--offline");
        }
    }

    private static Arguments change(String what, String where, Consumer<NavigableMap<String, byte[]>> change) {
        return Arguments.of(what, where, change);
    }

    private static void flip(Map<String, byte[]> files, String path) {
        byte[] bytes = bytes(files, path).clone();
        bytes[bytes.length / 2] ^= 1;
        files.put(path, bytes);
    }

    private static byte[] bytes(Map<String, byte[]> files, String path) {
        return Objects.requireNonNull(files.get(path), path);
    }

    private static void replace(Map<String, byte[]> files, String path, String from, String to) {
        String text = new String(bytes(files, path), StandardCharsets.UTF_8);
        if (!text.contains(from)) {
            throw new UncheckedIOException(new IOException(path + " has no " + from));
        }
        files.put(path, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static void move(NavigableMap<String, byte[]> files, String from, String to) {
        NavigableMap<String, byte[]> moved = new TreeMap<>(files.subMap(from + "/", true, from + "0", false));
        moved.keySet().forEach(files::remove);
        moved.forEach((path, bytes) -> files.put(path.replace(from, to), bytes));
    }

    private static void swap(NavigableMap<String, byte[]> files, String one, String other) {
        move(files, one, "dev/swap");
        move(files, other, one);
        move(files, "dev/swap", other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger.json", "more"})
    void whatLiesWhereOnlyAnImportedReleaseHasSomethingIsFound(String name) {
        TamperedLedger.change(
                project.resolve(".release/ledger.git"),
                files -> files.put("dev/000002/origin/" + name, new byte[] {1}));

        assertThat(tool.run("verify", "--all")).isEqualTo(5);

        assertThat(tool.err()).contains("dev v2: origin/" + name + ": not a file of this release");
    }
}
