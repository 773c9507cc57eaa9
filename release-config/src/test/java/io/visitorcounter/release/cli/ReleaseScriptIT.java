package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts the tool, and the archive of classes that it leaves behind. */
@Timeout(120)
class ReleaseScriptIT extends PackagedTool {

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

        assertThat(run(List.of(script.toString(), "--version"), Map.of("PATH", withoutNice()))
                        .text())
                .isEqualTo("release 1.0.0\n");
        Path archive = awaitArchive(script, target);
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

        run(List.of(script.toString(), "--version"), Map.of("JAVA_HOME", home.toString(), "PATH", withoutNice()));

        awaitWhatWasLeftBehind(script);
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

    private static Path awaitArchive(Path script, Path target) throws Exception {
        awaitWhatWasLeftBehind(script);
        try (Stream<Path> files = Files.list(target)) {
            List<Path> made = files.filter(file -> !name(file).endsWith(".jar")).toList();
            assertThat(made)
                    .singleElement()
                    .satisfies(
                            archive -> assertThat(archive).hasExtension("jsa").isNotEmptyFile());
            return made.get(0);
        }
    }

    /** {@return a PATH on which nice steps back for nobody: on a busy machine the archive would not be made at all} */
    private String withoutNice() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("without-nice"));
        Path nice = Files.writeString(tools.resolve("nice"), """
                #!/bin/sh
                [ "$1 $2" = "-n 19" ] || exit 2
                shift 2
                exec "$@"
                """);
        assertThat(nice.toFile().setExecutable(true)).isTrue();
        return tools + File.pathSeparator + System.getenv("PATH");
    }

    /** Waits for the end of the process that the script left behind. */
    private static void awaitWhatWasLeftBehind(Path script) throws Exception {
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            if (process.info().commandLine().orElse("").contains(script.toString())) {
                process.onExit().get();
            }
        }
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

    private static Path found(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
