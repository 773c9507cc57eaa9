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
import org.junit.jupiter.api.io.TempDir;

/** The tool as one file, as it was just packaged, and the script that starts it. */
@Timeout(60)
class RunnableJarIT {

    private static final Path MODULE = Path.of("").toAbsolutePath();

    @TempDir
    Path folder;

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
    void theScriptStartsWhatWasBuiltBesideIt() throws Exception {
        Ran ran = run(
                List.of(MODULE.resolve("bin/release").toString(), "history", "dev"),
                Map.of("RELEASE_PROJECT", folder.toString()));

        assertThat(ran.code()).as(ran.text()).isEqualTo(9);
        assertThat(ran.text()).contains("no release was made yet").hasLineCount(1);
    }

    @Test
    void whereNothingWasBuiltAndNothingCanFetchItOneLineSaysSo() throws Exception {
        Path script =
                Files.createDirectories(folder.resolve("release-config/bin")).resolve("release");
        Files.copy(MODULE.resolve("bin/release"), script);
        Files.copy(MODULE.resolve("pom.xml"), folder.resolve("release-config/pom.xml"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed")) {
            Path here = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + found(tool) + " \"$@\"\n");
            assertThat(here.toFile().setExecutable(true)).isTrue();
        }

        Ran ran = run(
                List.of(found("sh").toString(), script.toString(), "history", "dev"),
                Map.of(
                        "PATH",
                        tools.toString(),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "XDG_CACHE_HOME",
                        folder.resolve("cache").toString()));

        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.text())
                .startsWith("release: the tool is not built here, and mvn, which would fetch it, is not on the PATH; ")
                .hasLineCount(1);
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    private record Ran(int code, String text) {}

    private Ran run(List<String> command, Map<String, String> variables) throws Exception {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile());
        builder.environment().putAll(variables);
        int code = builder.start().waitFor();
        return new Ran(code, Files.readString(output));
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(MODULE.resolve("target"))) {
            List<Path> jars = files.filter(file -> file.getFileName().toString().endsWith("-runnable.jar"))
                    .toList();
            assertThat(jars).as("mvn package makes it").hasSize(1);
            return jars.get(0);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path found(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
