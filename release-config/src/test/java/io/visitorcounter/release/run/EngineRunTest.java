package io.visitorcounter.release.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.image.OneLayerStore;
import io.visitorcounter.release.image.RegistryCredentials;
import io.visitorcounter.release.image.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a container is started, by an engine that says nothing. */
class EngineRunTest {

    @TempDir
    Path folder;

    private final Map<String, String> variables = new HashMap<>(Map.of("PORT", "9090", "SECRET", "s"));

    private Prepared prepared(String name, String config, List<String> arguments, String said) throws IOException {
        Path engine = folder.resolve("engine");
        program(engine, "echo " + said);
        return run(engine, name, config, arguments);
    }

    private Prepared run(Path engine, String name) {
        return run(engine, name, "{}", List.of());
    }

    private Prepared run(Path engine, String name, String config, List<String> arguments) {
        Image image = TestImages.of(config);
        return new EngineRun(
                        engine.toString(),
                        96,
                        "127.0.0.1",
                        arguments,
                        variables,
                        new RegistryCredentials(variables, Optional.of("localhost:5000/team")),
                        folder.resolve("run"))
                .prepare(new RunnableRelease(
                        new ReleaseId(new Environment("dev"), 2),
                        new OneLayerStore("a", (byte) '0', "a"),
                        name,
                        image,
                        ImageDeclaration.of(image)
                                .with(new ImageDeclaration.Overrides(
                                        Optional.of("PORT"), Optional.empty(), Optional.empty(), Optional.empty())),
                        Map.of("PORT", "8000", "HOST", "redis"),
                        List.of("SECRET"),
                        Duration.ofSeconds(10)));
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void onlyADeclaredVolumeIsMountedAndOfOneAppInOneEnvironment() throws IOException {
        Prepared none = prepared(
                "localhost:5000/team/flask@sha256:" + "0".repeat(64), "{\"WorkingDir\":\"/app\"}", List.of(), "");
        assertThat(none.command()).doesNotContain("--volume");

        Prepared one = prepared(
                "localhost:5000/team/flask@sha256:" + "0".repeat(64),
                "{\"WorkingDir\":\"/app\",\"Volumes\":{\"/app/data\":{}}}",
                List.of(),
                "");
        Prepared other = prepared(
                "localhost:5000/other/flask@sha256:" + "0".repeat(64),
                "{\"Volumes\":{\"/app/data\":{}}}",
                List.of(),
                "");
        assertThat(one.command()).containsSequence("--volume", volumeOf("team/flask") + ":/app/data");
        assertThat(other.command()).containsSequence("--volume", volumeOf("other/flask") + ":/app/data");
    }

    private static String volumeOf(String repository) {
        return "release-" + repository.replace('/', '-') + "-"
                + Digest.of(repository.getBytes(StandardCharsets.UTF_8)).shortText() + "_dev_app-data";
    }

    @Test
    void twoAppsThatTheirBaseCallsTheSameShareNoVolume() throws IOException {
        String config = "{\"Labels\":{\"org.opencontainers.image.title\":\"ubuntu\"},\"Volumes\":{\"/data\":{}}}";

        List<String> one = prepared("localhost:5000/team/a@sha256:" + "0".repeat(64), config, List.of(), "")
                .command();
        List<String> other = prepared("localhost:5000/team/b@sha256:" + "0".repeat(64), config, List.of(), "")
                .command();
        List<String> elsewhere = prepared("other.example/team/a@sha256:" + "0".repeat(64), config, List.of(), "")
                .command();

        assertThat(volume(one)).isNotEqualTo(volume(other)).isEqualTo(volume(elsewhere));
    }

    private static String volume(List<String> command) {
        return command.get(command.indexOf("--volume") + 1);
    }

    @Test
    void whatAnEngineWarnsOfIsNoPartOfItsReply() throws IOException {
        Path engine = folder.resolve("engine");
        program(engine, """
                echo 'Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.' >&2
                echo 'WARNING: Error loading config file: permission denied' >&2
                case $1 in ps) echo release-flask-dev-1a ;; esac\
                """);

        assertThat(run(engine, "localhost:5000/flask@sha256:" + "0".repeat(64)).notes())
                .singleElement()
                .asString()
                .startsWith("container release-flask-dev-1a still runs");
    }

    @Test
    void thePortIsOnLoopbackAndFurtherArgumentsComeLastBeforeTheImage() throws IOException {
        Prepared run = prepared("localhost:5000/flask@sha256:" + "0".repeat(64), "{}", List.of("--network=web"), "");

        assertThat(run.command())
                .containsSequence("--publish", "127.0.0.1:9090:8000")
                .containsSequence("--env", "SECRET")
                .contains("--init")
                .endsWith("--network=web", "localhost:5000/flask@sha256:" + "0".repeat(64));
        assertThat(run.ending().command().orElseThrow()).contains("stop", "--time", "10");
    }

    @Test
    void whatAnEarlierRunLeftIsNamed() throws IOException {
        Prepared run =
                prepared("localhost:5000/flask@sha256:" + "0".repeat(64), "{}", List.of(), "release-flask-dev-1a");

        assertThat(run.notes()).singleElement().asString().contains("container release-flask-dev-1a still runs");
    }

    /** As docker and podman do: the config names a helper, which is started by its name and told the registry. */
    private static final String PULLS = """
        case $1 in
          image) exit 1 ;;
          pull)
            printf %s "$DOCKER_CONFIG" >FOLDER/where
            cp -rL "$DOCKER_CONFIG" FOLDER/seen
            cmp "$DOCKER_CONFIG/config.json" "$REGISTRY_AUTH_FILE" || exit 3
            helper=$(sed 's/.*"localhost:5000":"\\([a-z]*\\)".*/\\1/' "$REGISTRY_AUTH_FILE")
            echo localhost:5000 | "docker-credential-$helper" get >FOLDER/reply || exit 4
            ;;
        esac\
        """;

    @Test
    void theVariablesLoginIsGivenToTheEngineForThePullAndIsInNoFile() throws IOException {
        Path config = Files.createDirectories(folder.resolve("docker"));
        Files.writeString(
                config.resolve("config.json"),
                "{\"credsStore\":\"desktop\",\"currentContext\":\"far\",\"credHelpers\":{\"other\":\"own\"}}");
        Files.createDirectories(config.resolve("contexts/meta"));
        Files.writeString(config.resolve("contexts/meta/far"), "x");
        variables.putAll(Map.of(
                "RELEASE_REGISTRY_USER",
                "ada",
                "RELEASE_REGISTRY_PASSWORD",
                "pa\"55",
                "DOCKER_CONFIG",
                config.toString(),
                "PATH",
                System.getenv("PATH")));
        Path engine = folder.resolve("engine-that-pulls");
        program(engine, PULLS.replace("FOLDER", folder.toString()));

        run(engine, "localhost:5000/team/flask@sha256:" + "0".repeat(64));

        assertThat(Files.readString(folder.resolve("reply")))
                .isEqualTo("{\"ServerURL\":\"localhost:5000\",\"Username\":\"ada\",\"Secret\":\"pa\\\"55\"}\n");
        assertThat(Files.readString(folder.resolve("seen/config.json")))
                .isEqualTo(
                        "{\"currentContext\":\"far\",\"credHelpers\":{\"other\":\"own\",\"localhost:5000\":\"release\"}}");
        assertThat(folder.resolve("seen/contexts/meta/far")).hasContent("x");
        assertThat(Path.of(Files.readString(folder.resolve("where")))).doesNotExist();
        assertThat(config.resolve("contexts/meta/far")).exists();
        assertThat(folder.resolve("run")).isEmptyDirectory();
    }

    @Test
    void anotherRegistryGetsNoLogin() throws IOException {
        variables.putAll(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"));
        Path engine = folder.resolve("engine-that-pulls");
        program(engine, PULLS.replace("FOLDER", folder.toString()));

        run(engine, "localhost:5001/team/flask@sha256:" + "0".repeat(64));

        assertThat(folder.resolve("where")).doesNotExist();
    }

    @Test
    void aPullThatFailsIsTold() throws IOException {
        variables.putAll(Map.of("RELEASE_REGISTRY_USER", "ada", "RELEASE_REGISTRY_PASSWORD", "pa55"));
        Path engine = folder.resolve("engine-that-fails");
        program(engine, "exit 1");

        assertThatThrownBy(() -> run(engine, "localhost:5000/flask@sha256:" + "0".repeat(64)))
                .isInstanceOf(ReleaseException.Unreachable.class)
                .hasMessageContaining("pull: localhost:5000/flask@sha256:");
    }
}
