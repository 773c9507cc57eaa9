package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool as one file, as it was just packaged, and the script that starts it. */
@Timeout(120)
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

    @Test
    void theScriptStartsWhatWasBuiltBesideIt() throws Exception {
        Ran ran = run(
                List.of(MODULE.resolve("bin/release").toString(), "history", "dev"),
                Map.of("RELEASE_PROJECT", folder.toString(), "RELEASE_CLASS_ARCHIVE", "off"));

        assertThat(ran.code()).as(ran.text()).isEqualTo(9);
        assertThat(ran.text()).contains("no release was made yet").hasLineCount(1);
    }

    @Test
    void theFirstCommandLeavesAnArchiveOfClassesBehindThatTheNextOneMaps() throws Exception {
        Path script = project();
        Path target = Files.createDirectories(folder.resolve("release-config/target"));
        Path jar = Files.copy(jar(), target.resolve(jar().getFileName()));

        assertThat(run(List.of(script.toString(), "--version"), Map.of()).text())
                .isEqualTo("release 1.0.0\n");
        Path archive = awaitArchive(target);
        Ran mapped = run(
                List.of(
                        java(),
                        "-Xshare:on",
                        "-XX:+UseSerialGC",
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:class+load",
                        "-cp",
                        jar.toString(),
                        Main.class.getName(),
                        "--version"),
                Map.of());

        assertThat(mapped.text())
                .contains(
                        "\nrelease 1.0.0\n",
                        "io.visitorcounter.release.cli.CommandLineTool source: shared objects file");
        assertThat(target.toFile().list()).containsExactlyInAnyOrder(name(jar), name(archive));
    }

    @Test
    void anArchiveOfAJarThatIsBuiltAnewMeanwhileIsThrownAway() throws Exception {
        Path script = project();
        Path target = Files.createDirectories(folder.resolve("release-config/target"));
        Path jar = Files.copy(jar(), target.resolve(jar().getFileName()));
        Path home = folder.resolve("slow");
        Files.createDirectories(home.resolve("bin"));
        Path wrapper = home.resolve("bin/java");
        Files.copy(Path.of(System.getProperty("java.home"), "release"), home.resolve("release"));
        // The build ends while the archive is made.
        Files.writeString(wrapper, """
                #!/bin/sh
                for each in "$@"; do
                    case $each in -XX:SharedArchiveFile=*) archive=${each#*=} ;; esac
                done
                case $* in
                    *-Xshare:dump*) echo old >"$archive" && touch '%s' '%s' ;;
                    *) exec '%s' "$@" ;;
                esac
                """.formatted(jar, home.resolve("dumped"), java()));
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();

        run(List.of(script.toString(), "--version"), Map.of("JAVA_HOME", home.toString()));

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!(Files.exists(home.resolve("dumped")) && target.toFile().list().length == 1)
                && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(home.resolve("dumped")).exists();
        assertThat(target.toFile().list()).containsExactly(name(jar));
    }

    @Test
    void anArchiveThatDoesNotFitIsPassedOverWithoutAWord() throws Exception {
        Path script = project();
        Path target = Files.createDirectories(folder.resolve("release-config/target"));
        Path jar = Files.copy(jar(), target.resolve(jar().getFileName()));
        Files.writeString(target.resolve(name(jar).replace(".jar", "-" + runtime() + ".jsa")), "no archive");

        Ran ran = run(List.of(script.toString(), "--version"), Map.of());

        assertThat(ran).isEqualTo(new Ran(0, "release 1.0.0\n"));
    }

    @Test
    void aJarThatIsOnlyAPartIsNamed() throws Exception {
        Path script = project();
        Path target = Files.createDirectories(folder.resolve("release-config/target"));
        byte[] whole = Files.readAllBytes(jar());
        Path part = Files.write(target.resolve(name(jar())), java.util.Arrays.copyOf(whole, whole.length / 2));

        Ran ran = run(List.of(script.toString(), "--version"), Map.of());

        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.text())
                .contains(part + ": expected a whole jar, got a part of one; ")
                .hasLineCount(1);
    }

    @Test
    void aWrapperOfJavaThatPrintsFirstIsAskedForItsVersion() throws Exception {
        Path script = project();
        Path target = Files.createDirectories(folder.resolve("release-config/target"));
        Files.copy(jar(), target.resolve(jar().getFileName()));
        Path wrapper = Files.createDirectories(folder.resolve("wrapped/bin")).resolve("java");
        Files.writeString(
                wrapper, "#!/bin/sh\necho 'wrapped, version 8 of the wrapper' >&2\nexec " + java() + " \"$@\"\n");
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();

        Ran ran = run(
                List.of(script.toString(), "--version"),
                Map.of("JAVA_HOME", folder.resolve("wrapped").toString(), "JAVA_TOOL_OPTIONS", "-Duser.language=en"));

        assertThat(ran.code()).as(ran.text()).isZero();
        assertThat(ran.text()).contains("release 1.0.0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_YY.UTF-8"})
    void withoutALocaleOrWithOneThatIsNotInstalledEveryLetterStaysWhatItIs(String locale) throws Exception {
        Path umlaut = Files.createDirectories(folder.resolve("Prüfung/environments"));
        Files.writeString(umlaut.resolve("dev.conf"), "app {}\n");

        Ran ran = run(
                List.of(MODULE.resolve("bin/release").toString(), "freeze", "dev", "--reason", "Grüße", "--dry-run"),
                Map.of(
                        "RELEASE_PROJECT",
                        folder.resolve("Prüfung").toString(),
                        "RELEASE_ENVIRONMENTS",
                        umlaut.toString(),
                        "RELEASE_CLASS_ARCHIVE",
                        "off",
                        "LC_ALL",
                        locale));

        assertThat(ran.code()).as(ran.text()).isZero();
        assertThat(ran.text()).contains("\"why\": \"Grüße\"");
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

    @Test
    void whatIsFetchedComesThroughALocalRepositoryOfItsOwn() throws Exception {
        Path script = project();
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path mvn = tools.resolve("mvn");
        Files.writeString(mvn, """
                #!/bin/sh
                printf '%s\\n' "$@" >"$LOGGED"
                for argument in "$@"; do
                    case $argument in
                        -DoutputDirectory=*) cp "$JAR" "${argument#*=}/release-config-1.0.0-runnable.jar" ;;
                    esac
                done
                """);
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        Path cache = folder.resolve("cache");

        Ran ran = run(
                List.of(script.toString(), "--version"),
                Map.of(
                        "PATH",
                        tools + File.pathSeparator + System.getenv("PATH"),
                        "XDG_CACHE_HOME",
                        cache.toString(),
                        "RELEASE_CLASS_ARCHIVE",
                        "off",
                        "RELEASE_REPOSITORY",
                        "https://bob:s3cr3t@repo.example/a?b&c",
                        "LOGGED",
                        folder.resolve("logged").toString(),
                        "JAR",
                        jar().toString()));

        assertThat(ran.code()).as(ran.text()).isZero();
        assertThat(ran.text())
                .contains(
                        "fetching io.visitorcounter:release-config:1.0.0:jar:runnable from https://***@repo.example/a?b&c")
                .doesNotContain("s3cr3t");
        assertThat(Files.readAllLines(folder.resolve("logged")))
                .anyMatch(line -> line.startsWith("-Dmaven.repo.local=" + cache + "/visitor-counter/.fetching-"));
        assertThat(cache.resolve("visitor-counter").toFile().list())
                .containsExactly("release-config-1.0.0-runnable.jar");
    }

    private Path project() throws IOException {
        Path script =
                Files.createDirectories(folder.resolve("release-config/bin")).resolve("release");
        Files.copy(MODULE.resolve("bin/release"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(MODULE.resolve("pom.xml"), folder.resolve("release-config/pom.xml"));
        return script;
    }

    /** Waits for the process that the script left behind: its folder goes last. */
    private static Path awaitArchive(Path target) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < end) {
            List<Path> made;
            try (Stream<Path> files = Files.list(target)) {
                made = files.filter(file -> !name(file).endsWith(".jar")).toList();
            }
            if (made.size() == 1 && name(made.get(0)).endsWith(".jsa") && Files.size(made.get(0)) > 0) {
                return made.get(0);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no archive of classes in " + target + " after 90 s");
    }

    private static String runtime() throws IOException {
        Path release = Path.of(System.getProperty("java.home"), "release");
        return Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_RUNTIME_VERSION="))
                .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Path file) {
        return file.getFileName().toString();
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
        // As the build's own Java, wherever the script would look first.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
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
