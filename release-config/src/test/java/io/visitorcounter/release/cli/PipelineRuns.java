package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the Jenkinsfile, and .ci/pipeline beside it, with a Maven and a release tool that only write down how they were
 * called.
 */
abstract class PipelineRuns {

    static final Path PROJECT = Path.of("..");

    static final String MAVEN = """
        #!/bin/sh
        { printf mvn; printf '\\t%s' "$@"; echo; } >>calls
        mkdir -p counter-web/target release-config/target
        touch counter-web/target/jib-image.json counter-web/target/sbom.json
        touch release-config/target/release-config-1.0.0-runnable.jar
        """;

    /** Tells in a dry run what the file preview says. */
    static final String TOOL = """
        #!/bin/sh
        { printf release; printf '\\t%s' "$@"; echo; } >>calls
        case " $* " in
          *' --dry-run '*)
            cat preview >&2
            echo 'entry    prod/000012/entry.json  sha256:abc' >&2
            echo '{}'
            ;;
          *' show prod '*)
            echo 'release   prod v12'
            echo 'source    0123abc'
            ;;
          *' show test@v11 '*) echo 'source    4567def' ;;
        esac
        """;

    @TempDir
    Path folder;

    @BeforeEach
    void setUp() throws IOException {
        for (String file : List.of("Jenkinsfile", ".ci/stage", ".ci/pipeline", ".ci/lib.sh", ".ci/settings.xml")) {
            Path copy = folder.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(PROJECT.resolve(file), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        program("programs/mvn", MAVEN);
        program("programs/git", "#!/bin/sh\n{ printf git; printf '\\t%s' \"$@\"; echo; } >>calls\n");
        program("programs/scanner", "#!/bin/sh\necho scanned >>calls\ntest -f \"$1\"\n");
        program("release-config/bin/release", TOOL);
        preview("promote  test v11 to prod, which has prod v11\n  ~ greeting: \"Welcome!\" -> \"Hello!\"\n");
    }

    JenkinsRun run(Map<String, String> parameters, Map<String, String> controller) {
        Map<String, String> given = new HashMap<>(Map.of("VERSION", "", "REASON", "a reason"));
        given.putAll(parameters);
        Map<String, String> environment = machine();
        environment.putAll(given);
        environment.putAll(controller);
        return JenkinsRun.of(folder, given, environment);
    }

    Map<String, String> machine() {
        return new HashMap<>(Map.of(
                "PATH", folder.resolve("programs") + ":" + System.getenv("PATH"),
                "BUILD_TAG", "jenkins-counter-9",
                "GIT_COMMIT", "0123456789",
                "IMAGE_BASE", "host/base",
                "RELEASE_IMAGES", "host/images",
                "PUBLISH_REPOSITORY", "https://host/repository"));
    }

    /** {@return how Maven or the tool is called by all actions together} */
    List<List<String>> callsOfAll(String program) {
        Map<String, String> scanning = Map.of("SBOM_SCANNER", "scanner", "SIGNING_KEYS", "build test");
        run(Map.of("ACTION", "build", "ENVIRONMENT", "prod", "VERSION", "1.0.0"), scanning);
        run(Map.of("ACTION", "promote", "ENVIRONMENT", "test", "VERSION", "v1"), scanning);
        run(Map.of("ACTION", "promote", "ENVIRONMENT", "prod", "VERSION", "v1"), scanning);
        run(Map.of("ACTION", "rollback", "ENVIRONMENT", "test", "VERSION", "v1"), scanning);
        run(Map.of("ACTION", "rollback", "ENVIRONMENT", "prod"), scanning);
        run(Map.of("ACTION", "deploy", "ENVIRONMENT", "test", "VERSION", "v1"), scanning);
        assertThat(calls()).contains(List.of("scanned"));
        return calls().stream()
                .filter(call -> call.get(0).equals(program))
                .map(call -> call.subList(1, call.size()))
                .toList();
    }

    List<List<String>> callsOfPipeline(String action, String environment, String version) throws Exception {
        Files.delete(folder.resolve("calls"));
        ProcessBuilder pipeline = new ProcessBuilder(".ci/pipeline", action, environment, version)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        pipeline.command().set(0, folder.resolve(".ci/pipeline").toString());
        // What the build around this test was started with is none of the pipeline's.
        pipeline.environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TMPDIR"));
        pipeline.environment().putAll(machine());
        pipeline.environment().put("REASON", "a reason");
        Path keys = Files.createDirectories(folder.resolve("keys"));
        for (String owner : List.of("build", "dev", "test", "prod")) {
            Files.writeString(keys.resolve(owner), "a key");
        }
        pipeline.environment().put("SIGNING_FOLDER", keys.toString());
        Process started = pipeline.start();
        String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor()).as(said).isZero();
        return calls();
    }

    List<List<String>> calls() {
        Path calls = folder.resolve("calls");
        try {
            List<List<String>> all = new ArrayList<>();
            for (String call : Files.exists(calls) ? Files.readAllLines(calls) : List.<String>of()) {
                all.add(List.of(call.split("\t", -1)));
            }
            return all;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void preview(String text) throws IOException {
        Files.writeString(folder.resolve("preview"), text);
    }

    void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
