package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what the Jenkinsfile and .ci/pipeline call Maven and the tool with to the real ones, and to each other. */
class PipelineCallsTest extends PipelineRuns {

    /** What Maven's own plugins understand, so that no pom names it. */
    private static final Set<String> MAVENS_PROPERTIES = Set.of("skipTests", "altDeploymentRepository");

    private static final Set<String> PHASES = Set.of("clean", "package", "verify", "deploy");

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

    @Test
    void noSecretIsOnACommandLine() throws IOException {
        callsOfAll("release");

        assertThat(Files.readString(folder.resolve("calls"))).doesNotContain("a-password");
        assertThat(Files.readString(PROJECT.resolve("Jenkinsfile"))).doesNotContain("sh \"");
    }

    private static boolean isDefined(String poms, String property) {
        return poms.contains("<" + property + ">") || poms.contains("<name>" + property + "</name>");
    }

    private static picocli.CommandLine tool() {
        ReleaseCommand top = new ReleaseCommand();
        new GlobalOptions(top);
        picocli.CommandLine line = new picocli.CommandLine(top.spec());
        Commands.names()
                .forEach(name -> line.addSubcommand(name, Commands.create(name).spec()));
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }
}
