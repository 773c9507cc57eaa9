package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the Jenkinsfile to the commands, options, profiles and properties that there are. */
class JenkinsfileTest {

    private static final Path PROJECT = Path.of("..");
    private static final Path FILE = PROJECT.resolve("Jenkinsfile");
    private static final String TOOL = "release-config/bin/release";

    /** What Maven's own plugins understand, so that no pom names it. */
    private static final Set<String> MAVENS_PROPERTIES = Set.of("skipTests", "altDeploymentRepository");

    private static final Set<String> PHASES = Set.of("clean", "package", "verify", "deploy");

    /** Steps of the suggested plugins, and junit's. */
    private static final Set<String> STEPS =
            Set.of("sh", "error", "junit", "archiveArtifacts", "stash", "unstash", "withCredentials");

    private final String text = read(FILE);
    private final List<String> commands = commands();

    @Test
    void everyShIsOneSingleQuotedCommandOfMavenOrOfTheTool() {
        long said = Pattern.compile("(?m)^\\s*sh\\b").matcher(text).results().count();

        assertThat(commands).hasSizeGreaterThan(10).hasSize((int) said);
        assertThat(commands).allSatisfy(command -> {
            assertThat(command).startsWith(command.startsWith("mvn ") ? "mvn -B -ntp " : TOOL + " ");
            // One command: nothing that begins another one.
            assertThat(withoutQuotes(command)).doesNotContainPattern("[;|&`]|\\$\\(|\\n");
        });
    }

    @Test
    void everyCommandOfTheToolIsUnderstoodByIt() {
        List<String> tool =
                commands.stream().filter(command -> command.startsWith(TOOL)).toList();

        assertThat(tool).isNotEmpty().allSatisfy(command -> {
            List<String> words = words(command.substring(TOOL.length()).replaceFirst(" >\\S+$", ""));
            picocli.CommandLine.ParseResult parsed = tool().parseArgs(words.toArray(String[]::new));
            assertThat(parsed.hasSubcommand()).isTrue();
        });
        assertThat(tool)
                .anyMatch(command -> command.contains(" create dev "))
                .anyMatch(command -> command.contains(" promote dev test "))
                .anyMatch(command -> command.contains(" promote test prod "))
                .anyMatch(command -> command.contains(" rollback "));
    }

    @Test
    void everyProfilePropertyAndFileThatMavenIsGivenIsKnownToAPom() {
        String poms = String.join("\n", read("pom.xml"), read("counter-web/pom.xml"), read("release-config/pom.xml"));

        List<String> maven =
                commands.stream().filter(command -> command.startsWith("mvn ")).toList();

        assertThat(maven).isNotEmpty().allSatisfy(command -> {
            List<String> words = words(command);
            for (int i = 1; i < words.size(); i++) {
                String word = words.get(i);
                if (word.startsWith("-D")) {
                    String property = word.substring(2).replaceFirst("=.*", "");
                    assertThat(MAVENS_PROPERTIES.contains(property) || isDefined(poms, property))
                            .as(word)
                            .isTrue();
                } else if (word.startsWith("-P")) {
                    assertThat(poms).contains("<id>" + word.substring(2) + "</id>");
                } else if (word.equals("-gs")) {
                    assertThat(PROJECT.resolve(words.get(++i))).isRegularFile();
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
    void noSecretIsOnACommandLineAndNoGroovyGoesIntoOne() {
        assertThat(commands).allSatisfy(command -> assertThat(command).doesNotContain("PASSWORD"));
        assertThat(text).doesNotContain("sh \"").doesNotContain("script {").doesNotContain("\"\"\"");
        assertThat(text.indexOf("credentials("))
                .as("credentials of the whole run")
                .isEqualTo(-1);
    }

    @Test
    void itNeedsNoPluginBeyondTheSuggestedOnesAndJunit() {
        Set<String> used = new TreeSet<>();
        Matcher steps = Pattern.compile(
                        "(?m)^\\s*(sh|error|junit|[a-z]+[A-Z]\\w*|stash|unstash|input|lock|script)\\b[ (](?!.*[=>{]\\s*$)")
                .matcher(text);
        while (steps.find()) {
            used.add(steps.group(1));
        }
        used.removeAll(Set.of(
                "beforeAgent",
                "beforeInput",
                "beforeOptions",
                "buildDiscarder",
                "disableConcurrentBuilds",
                "submitterParameter",
                "usernamePassword"));

        assertThat(used).contains("sh", "junit").isSubsetOf(STEPS);
    }

    @Test
    void whatItArchivesAndStashesIsWhatItsCommandsWrite() {
        assertThat(text)
                .contains("--app counter-web/target/jib-image.json")
                .contains("--sbom counter-web/target/sbom.json");
        for (MatchResult record : Pattern.compile("artifacts: '(release-[a-z*]+\\.json)'")
                .matcher(text)
                .results()
                .toList()) {
            String written = record.group(1).replace("*", "$ENVIRONMENT");
            assertThat(commands)
                    .anyMatch(command -> command.endsWith(">" + written) || command.endsWith(">\"" + written + "\""));
        }
    }

    private static boolean isDefined(String poms, String property) {
        return poms.contains("<" + property + ">") || poms.contains("<name>" + property + "</name>");
    }

    private static picocli.CommandLine tool() {
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new CommandLineTool(new ProcessContext(
                        Map.of(), Clock.systemUTC(), InputStream.nullInputStream(), nowhere, nowhere))
                .whole();
    }

    private List<String> commands() {
        return Pattern.compile("(?m)^\\s*sh '([^']*)'$")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String withoutQuotes(String command) {
        return command.replaceAll("\"[^\"]*\"", "");
    }

    /** What a shell makes of a command, with values that a job could have. */
    private static List<String> words(String command) {
        String set = command.replace("${VERSION:+\"$VERSION\"}", "v1")
                .replaceAll("\\$\\{GIT_COMMIT:-local}", "local")
                .replace("@$VERSION", "@v1")
                .replace("$VERSION", "v1")
                .replace("$ENVIRONMENT", "test");
        List<String> words = new ArrayList<>();
        for (MatchResult word : Pattern.compile("(?:[^\\s\"]|\"[^\"]*\")+")
                .matcher(set)
                .results()
                .toList()) {
            words.add(word.group().replace("\"", ""));
        }
        return words;
    }

    private static String read(String file) {
        return read(PROJECT.resolve(file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
