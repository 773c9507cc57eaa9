package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the Jenkinsfile, and .ci/pipeline beside it, with a Maven and a release tool that only write down how they were
 * called, and holds what they were called with to the real ones.
 */
class JenkinsfileTest {

    private static final Path PROJECT = Path.of("..");

    /** What Maven's own plugins understand, so that no pom names it. */
    private static final Set<String> MAVENS_PROPERTIES = Set.of("skipTests", "altDeploymentRepository");

    private static final Set<String> PHASES = Set.of("clean", "package", "verify", "deploy");

    private static final String MAVEN = """
        #!/bin/sh
        { printf mvn; printf '\\t%s' "$@"; echo; } >>calls
        mkdir -p counter-web/target release-config/target
        touch counter-web/target/jib-image.json counter-web/target/sbom.json
        touch release-config/target/release-config-1.0.0-runnable.jar
        """;

    /** Tells in a dry run what the file preview says. */
    private static final String TOOL = """
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
    private Path folder;

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

    @ParameterizedTest
    @CsvSource({
        "build, dev, ''",
        "build, test, ''",
        "build, prod, 1.0.0",
        "promote, test, v7",
        "promote, prod, v7",
        "rollback, dev, ''",
        "rollback, test, v3",
        "rollback, prod, v3",
        "deploy, dev, ''",
        "deploy, prod, v3"
    })
    void runsWhatThePipelineRunsWithoutJenkins(String action, String environment, String version) throws Exception {
        JenkinsRun run = run(
                Map.of("ACTION", action, "ENVIRONMENT", environment, "VERSION", version),
                Map.of("SIGNING_KEYS", "build dev test prod"));
        List<List<String>> calls = calls();

        assertThat(run.failure()).isNull();
        assertThat(calls).isNotEmpty().isEqualTo(callsOfPipeline(action, environment, version));
    }

    @Test
    void everyCommandOfTheToolIsUnderstoodByIt() {
        List<List<String>> commands = callsOfAll("release");

        assertThat(commands).hasSizeGreaterThan(8).allSatisfy(command -> {
            picocli.CommandLine.ParseResult parsed = tool().parseArgs(command.toArray(String[]::new));
            assertThat(parsed.hasSubcommand()).isTrue();
        });
        assertThat(commands.stream().map(command -> command.get(0)).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("attest", "create", "promote", "rollback", "show", "deploy");
    }

    @Test
    void everyProfilePropertyAndFileThatMavenIsGivenIsKnownToAPom() throws IOException {
        String poms = Files.readString(PROJECT.resolve("pom.xml"))
                + Files.readString(PROJECT.resolve("counter-web/pom.xml"))
                + Files.readString(PROJECT.resolve("release-config/pom.xml"));

        assertThat(callsOfAll("mvn")).hasSizeGreaterThan(2).allSatisfy(command -> {
            for (int i = 0; i < command.size(); i++) {
                String word = command.get(i);
                if (word.startsWith("-D")) {
                    String property = word.substring(2).replaceFirst("=.*", "");
                    assertThat(MAVENS_PROPERTIES.contains(property) || isDefined(poms, property))
                            .as(word)
                            .isTrue();
                } else if (word.startsWith("-P")) {
                    assertThat(poms).contains("<id>" + word.substring(2) + "</id>");
                } else if (word.equals("-gs")) {
                    assertThat(PROJECT.resolve(command.get(++i))).isRegularFile();
                } else if (word.startsWith("-")) {
                    assertThat(Set.of("-B", "-ntp")).contains(word);
                } else if (word.contains(":")) {
                    assertThat(poms)
                            .contains("<artifactId>" + word.replaceFirst(":.*", "") + "-maven-plugin</artifactId>");
                } else {
                    assertThat(PHASES).contains(word);
                }
            }
        });
    }

    @Test
    void onlyTheFirstOfTheMavenRunsCompiles() {
        List<List<String>> maven = callsOfAll("mvn");

        assertThat(maven.get(0)).contains("clean", "verify");
        assertThat(maven.subList(1, maven.size()))
                .allSatisfy(
                        command -> assertThat(command).contains("-DskipTests").doesNotContain("clean"));
    }

    @ParameterizedTest
    @CsvSource({"CHANGE_ID, 17", "BRANCH_NAME, feature"})
    void aPullRequestOrABranchBuildsAndTestsAndReleasesNothing(String name, String value) {
        JenkinsRun run = run(Map.of("ACTION", "build", "ENVIRONMENT", "prod"), Map.of(name, value));

        assertThat(run.failure()).isNull();
        assertThat(run.events())
                .containsExactly("stage from source on any", "stage test on any", "sh .ci/stage test", "junit");
    }

    @ParameterizedTest
    @CsvSource({"promote, CHANGE_ID, 17", "rollback, CHANGE_ID, 17", "promote, BRANCH_NAME, feature"})
    void aPullRequestOrABranchIsRefusedToReleaseWhatThereIs(String action, String name, String value) {
        JenkinsRun run = run(Map.of("ACTION", action, "ENVIRONMENT", "prod", "VERSION", "v3"), Map.of(name, value));

        assertThat(run.failure()).startsWith("Expected the main branch");
        assertThat(calls()).isEmpty();
    }

    @Test
    void theFirstRunOfAJobWhichDropsItsParametersBuildsAndTests() {
        Map<String, String> defaults = Map.of("ACTION", "build", "ENVIRONMENT", "dev", "VERSION", "", "REASON", "");

        JenkinsRun run = JenkinsRun.of(folder, defaults, machine());

        assertThat(run.failure()).isNull();
        assertThat(calls()).hasSize(1);
        assertThat(run.events()).contains("stage test on any").noneMatch(event -> event.contains(" with "));
        assertThat(run.choices())
                .containsOnlyKeys("ACTION", "ENVIRONMENT", "VERSION", "REASON")
                .containsEntry("ACTION", List.of("build", "promote", "rollback", "deploy"))
                .containsEntry("ENVIRONMENT", List.of("dev", "test", "prod"));
    }

    @Test
    void devIsNothingToPromoteTo() {
        JenkinsRun run = run(Map.of("ACTION", "promote", "ENVIRONMENT", "dev", "VERSION", "v3"), Map.of());

        assertThat(run.failure()).contains("dev gets its releases from builds");
        assertThat(calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"build", "promote"})
    void aPersonIsAskedOnceEverythingIsCheckedAndIsToldWhat(String action) {
        JenkinsRun run = run(Map.of("ACTION", action, "ENVIRONMENT", "prod", "VERSION", "v11"), Map.of());

        List<String> events = run.events();
        String asked = events.stream()
                .filter(event -> event.startsWith("input"))
                .findFirst()
                .orElseThrow();
        assertThat(asked)
                .startsWith("input of counter-releasers on none: Release this to prod?")
                .contains("test v11 to prod, which has prod v11")
                .contains("~ greeting: \"Welcome!\" -> \"Hello!\"")
                .contains(action.equals("promote") ? "source   0123abc..4567def" : "promote  test v11")
                .doesNotContain("sha256:abc");
        assertThat(events.indexOf("sh .ci/stage check prod with [counter-images, counter-ledger]"))
                .isBetween(0, events.indexOf(asked));
        assertThat(events.subList(events.indexOf(asked) + 1, events.size()))
                .containsExactly(
                        "milestone 3",
                        "stage promote to prod on label 'counter-prod'",
                        "sh .ci/stage promote prod with [counter-images-prod, counter-ledger-prod]",
                        "sh .ci/stage deploy \"$DEPLOY_TO\" with [counter-images-prod, counter-ledger-prod]");
    }

    @Test
    void nobodyIsAskedWhereTheCheckFails() {
        JenkinsRun run = run(Map.of("ACTION", "promote", "ENVIRONMENT", "prod", "VERSION", ""), Map.of());

        assertThat(run.failure())
                .contains("VERSION: expected the release of test to promote, such as v12, got nothing");
        assertThat(run.events()).noneMatch(event -> event.startsWith("input"));
    }

    @Test
    void whatIsOtherThanWhatWasApprovedIsNotReleased() throws IOException {
        program("release-config/bin/release", TOOL + "echo 'promote  test v11 to prod, which has prod v12' >preview\n");

        JenkinsRun run = run(Map.of("ACTION", "promote", "ENVIRONMENT", "prod", "VERSION", "v11"), Map.of());

        assertThat(run.events()).anyMatch(event -> event.startsWith("input"));
        assertThat(run.failure()).contains("prod: expected what was approved, got other", "which has prod v12");
        assertThat(calls())
                .filteredOn(call -> call.contains("promote"))
                .hasSize(2)
                .allSatisfy(call -> assertThat(call).contains("--dry-run"));
    }

    @Test
    void theLoginsOfProdAreOnlyOnTheAgentsForIt() {
        for (String action : List.of("build", "promote", "rollback", "deploy")) {
            List<String> events = run(Map.of("ACTION", action, "ENVIRONMENT", "prod", "VERSION", "v1"), Map.of())
                    .events();
            String stage = "";
            for (String event : events) {
                stage = event.startsWith("stage ") ? event : stage;
                if (event.contains("-prod]")) {
                    assertThat(stage).endsWith("on label 'counter-prod'");
                }
            }
            assertThat(events).anyMatch(event -> event.contains("counter-ledger-prod"));
        }
        assertThat(run(Map.of("ACTION", "build", "ENVIRONMENT", "test"), Map.of())
                        .events())
                .noneMatch(event -> event.contains("-prod"));
    }

    @Test
    void theLoginOfAnEngineIsThereForTheDeploymentAlone() {
        List<String> events = run(
                        Map.of("ACTION", "build", "ENVIRONMENT", "test"), Map.of("ENGINE_LOGINS", "test prod"))
                .events();

        assertThat(events)
                .filteredOn(event -> event.contains("counter-engine"))
                .containsExactly("sh .ci/stage deploy \"$DEPLOY_TO\" with [counter-images, counter-ledger,"
                        + " counter-engine-test]");
        assertThat(events).filteredOn(event -> event.contains("stage deploy")).hasSize(2);
    }

    @Test
    void aKeyIsThereOnlyForWhatItSigns() {
        List<String> events = run(
                        Map.of("ACTION", "build", "ENVIRONMENT", "prod", "VERSION", ""),
                        Map.of("SIGNING_KEYS", "build prod"))
                .events();

        assertThat(events)
                .filteredOn(event -> event.contains("counter-signing-build"))
                .containsExactly("sh .ci/stage attest with [counter-images, counter-signing-build]");
        assertThat(events)
                .filteredOn(event -> event.contains("counter-signing-prod"))
                .first()
                .isEqualTo(
                        "sh .ci/stage promote prod with [counter-images-prod, counter-ledger-prod, counter-signing-prod]");
        assertThat(events).contains("sh .ci/stage check prod with [counter-images, counter-ledger]");
        assertThat(run(Map.of("ACTION", "build", "ENVIRONMENT", "prod", "VERSION", ""), Map.of())
                        .events())
                .noneMatch(event -> event.contains("attest"));
    }

    @Test
    void aRollbackIsBroughtUpAndADeploymentReleasesNothing() {
        run(Map.of("ACTION", "rollback", "ENVIRONMENT", "test", "VERSION", "v3"), Map.of());
        assertThat(calls())
                .extracting(call -> call.get(1))
                .startsWith("rollback")
                .contains("deploy");
        assertThat(calls().get(2)).startsWith("release", "deploy", "test", "--confirm", "test");

        run(Map.of("ACTION", "deploy", "ENVIRONMENT", "prod", "VERSION", "v3"), Map.of());

        assertThat(calls().get(calls().size() - 2))
                .startsWith("release", "deploy", "prod", "v3", "--again", "--confirm", "prod");
    }

    @Test
    void noSecretIsOnACommandLine() throws IOException {
        callsOfAll("release");

        assertThat(Files.readString(folder.resolve("calls"))).doesNotContain("a-password");
        assertThat(Files.readString(PROJECT.resolve("Jenkinsfile"))).doesNotContain("sh \"");
    }

    @Test
    void theSourceOfWhatProdHasIsTaggedWhereThatIsAskedFor() {
        Map<String, String> tags = Map.of("RELEASE_TAGS", "https://host/source.git");

        JenkinsRun run = run(Map.of("ACTION", "promote", "ENVIRONMENT", "prod", "VERSION", "v11"), tags);

        assertThat(run.failure()).isNull();
        assertThat(run.events())
                .last()
                .isEqualTo("sh .ci/stage tag prod with [counter-images-prod, counter-ledger-prod, counter-tags]");
        List<String> push = calls().get(calls().size() - 1);
        assertThat(push).startsWith("git").endsWith("push", "https://host/source.git", "0123abc:refs/tags/prod-v12");
        assertThat(String.join(" ", push)).doesNotContain("a-password");
    }

    @Test
    void aFailureAndAWaitingApprovalAreMailedWhereThatIsAskedFor() throws IOException {
        Map<String, String> mail =
                Map.of("RELEASE_MAIL", "team@example.org", "JOB_NAME", "counter", "BUILD_NUMBER", "9");

        List<String> waiting = run(Map.of("ACTION", "promote", "ENVIRONMENT", "prod", "VERSION", "v1"), mail)
                .events();
        program("programs/mvn", "#!/bin/sh\nexit 1\n");
        List<String> failed =
                run(Map.of("ACTION", "build", "ENVIRONMENT", "dev"), mail).events();

        assertThat(waiting).contains("mail to team@example.org: counter #9 waits for an approval");
        assertThat(failed).last().isEqualTo("mail to team@example.org: counter #9 failed");
        assertThat(failed).contains("junit").noneMatch(event -> event.contains("image"));
    }

    private JenkinsRun run(Map<String, String> parameters, Map<String, String> controller) {
        Map<String, String> given = new HashMap<>(Map.of("VERSION", "", "REASON", "a reason"));
        given.putAll(parameters);
        Map<String, String> environment = machine();
        environment.putAll(given);
        environment.putAll(controller);
        return JenkinsRun.of(folder, given, environment);
    }

    private Map<String, String> machine() {
        return new HashMap<>(Map.of(
                "PATH", folder.resolve("programs") + ":" + System.getenv("PATH"),
                "BUILD_TAG", "jenkins-counter-9",
                "GIT_COMMIT", "0123456789",
                "IMAGE_BASE", "host/base",
                "RELEASE_IMAGES", "host/images",
                "PUBLISH_REPOSITORY", "https://host/repository"));
    }

    /** {@return how Maven or the tool is called by all actions together} */
    private List<List<String>> callsOfAll(String program) {
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

    private List<List<String>> callsOfPipeline(String action, String environment, String version) throws Exception {
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

    private List<List<String>> calls() {
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

    private void preview(String text) throws IOException {
        Files.writeString(folder.resolve("preview"), text);
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static boolean isDefined(String poms, String property) {
        return poms.contains("<" + property + ">") || poms.contains("<name>" + property + "</name>");
    }

    private static picocli.CommandLine tool() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        ReleaseCommand top = new ReleaseCommand();
        Session session = new Session(
                new ProcessContext(Map.of(), Clock.systemUTC(), InputStream.nullInputStream(), nowhere, nowhere),
                new GlobalOptions(top));
        picocli.CommandLine line = new picocli.CommandLine(top.spec());
        Commands.names()
                .forEach(name ->
                        line.addSubcommand(name, Commands.create(name, session).spec()));
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }
}
