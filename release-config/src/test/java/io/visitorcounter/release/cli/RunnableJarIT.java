package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tool as one file, as it was just packaged. */
@Timeout(120)
class RunnableJarIT extends PackagedTool {

    @Test
    void itIsOneUnsignedFileThatStartsByItself() throws Exception {
        try (JarFile jar = new JarFile(jar().toFile())) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();

            assertThat(names)
                    .doesNotHaveDuplicates()
                    .noneMatch(name -> name.matches("(?i)META-INF/[^/]*\\.(SF|RSA|DSA|EC)|(.*/)?module-info\\.class"));
            assertThat(jar.getManifest().getMainAttributes())
                    .containsEntry(new java.util.jar.Attributes.Name("Multi-Release"), "true")
                    .containsEntry(java.util.jar.Attributes.Name.MAIN_CLASS, Main.class.getName())
                    .doesNotContainKey(java.util.jar.Attributes.Name.CLASS_PATH);
        }

        Ran ran = run(List.of(java(), "-jar", jar().toString(), "--version"), Map.of());

        assertThat(ran.text()).isEqualTo("release 1.0.0\n");
    }

    @Test
    void everyPartIsInItOnceWithItsLicenceItsNoticeAndItsServices() throws Exception {
        Map<String, List<String>> sources = new TreeMap<>();
        try (ZipFile whole = new ZipFile(jar().toFile())) {
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (part.endsWith(".jar")) {
                    contribute(whole, part, sources);
                }
            }

            assertThat(sources).hasSizeGreaterThan(3000);
            assertThat(sources.values()).allMatch(parts -> parts.size() == 1);
            assertThat(text(whole, "META-INF/services/com.fasterxml.jackson.core.ObjectCodec"))
                    .contains("ObjectMapper");
            assertThat(text(whole, "META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .contains("NOP");
        }
    }

    /** Notes which jar each class comes from, and looks for the jar's licence and notice. */
    private static void contribute(ZipFile whole, String part, Map<String, List<String>> sources) throws IOException {
        try (ZipFile jar = new ZipFile(part)) {
            List<String> classes = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && whole.getEntry(name) != null)
                    .toList();
            classes.forEach(name ->
                    sources.computeIfAbsent(name, key -> new ArrayList<>()).add(part));
            if (classes.isEmpty()) {
                return;
            }
            for (String name : List.of("LICENSE", "LICENSE.txt", "NOTICE", "NOTICE.txt")) {
                if (jar.getEntry("META-INF/" + name) != null) {
                    String wanted = text(jar, "META-INF/" + name).strip();
                    assertThat(text(whole, "META-INF/" + name).contains(wanted))
                            .as("%s of %s", name, part)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void itWritesManifestsAndLoadsWhatThatTakesForNothingElse() throws Exception {
        String[] options = {"--storage", "1Gi"};
        try (ReleasedApp app = new ReleasedApp(folder)) {
            app.release("app { password = ${PASSWORD}, http.drain-delay = 10s }");
            List<String> tool = List.of(java(), "-Xlog:class+load:file=loaded.txt", "-jar", jar().toString());
            Path loaded = folder.resolve("loaded.txt");

            for (String form : List.of("kubernetes", "compose")) {
                String[] command = app.command(form, form.equals("kubernetes") ? options : new String[0]);
                Ran ran = run(join(tool, command), Map.of("RELEASE_PROJECT", folder.toString()));

                app.tool().mustRun(command);
                assertThat(ran).isEqualTo(new Ran(0, app.tool().out()));
                assertThat(loaded).content().contains("org.yaml.snakeyaml.");
            }
            Ran history = run(join(tool, "history", "prod"), Map.of("RELEASE_PROJECT", folder.toString()));

            assertThat(history.code()).as(history.text()).isZero();
            assertThat(loaded)
                    .content()
                    .contains("com.fasterxml.jackson.")
                    .doesNotContain("io.fabric8.", "org.yaml.snakeyaml.");
        }
    }

    private static List<String> join(List<String> command, String... arguments) {
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }

    /** Java may know better than the locale, as on macOS; then nothing is lost. */
    @Test
    void withoutTheScriptAReasonIsNeverSpoiledInSilence() throws Exception {
        Path environments = Files.createDirectories(folder.resolve("project/environments"));
        Files.writeString(environments.resolve("dev.conf"), "app {}\n");

        Ran ran = run(
                List.of(java(), "-jar", jar().toString(), "freeze", "dev", "--reason", "Grüße", "--dry-run"),
                Map.of("RELEASE_PROJECT", folder.resolve("project").toString(), "LC_ALL", "C"));

        if (ran.code() == 0) {
            assertThat(ran.text()).contains("\"why\": \"Grüße\"");
        } else {
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.text())
                    .contains("release: argument 4: expected letters that the locale's encoding")
                    .contains("; set LC_ALL=C.UTF-8, or start it by bin/release");
        }
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
