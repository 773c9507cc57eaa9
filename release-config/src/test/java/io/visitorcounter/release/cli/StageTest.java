package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What .ci/stage says to whom types it by hand and leaves something out. */
class StageTest extends PipelineRuns {

    @Test
    void withoutAStageItListsThem() throws Exception {
        assertThat(refused(Map.of()))
                .startsWith("2 stage NAME [ENVIRONMENT]: the commands of one stage.")
                .contains("rollback ENV");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "check", "promote", "rollback", "deploy", "tag"})
    void aStageOfAnEnvironmentAsksForIt(String stage) throws Exception {
        assertThat(refused(Map.of("RELEASE_TAGS", "tags"), stage))
                .isEqualTo("2 stage: " + stage + ": expected an environment, such as .ci/stage " + stage
                        + " prod, got nothing\n");
    }

    @ParameterizedTest
    @CsvSource({
        "image, IMAGE_BASE",
        "image, RELEASE_IMAGES",
        "publish, VERSION",
        "publish, PUBLISH_REPOSITORY",
        "scan, SBOM_SCANNER",
        "tag, RELEASE_TAGS"
    })
    void aVariableThatIsMissingIsNamed(String stage, String variable) throws Exception {
        Map<String, String> given = new HashMap<>(Map.of("VERSION", "1.0.0"));
        given.put(variable, "");

        assertThat(refused(given, stage, "prod"))
                .isEqualTo("2 stage: " + stage + ": expected the variable " + variable
                        + ", got nothing; docs/jenkins.md lists the variables\n");
    }

    @Test
    void anImageOfNoCommitIsNotTagged() throws Exception {
        program("release-config/bin/release", TOOL.replace("0123abc", "local"));

        assertThat(refused(Map.of("RELEASE_TAGS", "tags"), "tag", "prod"))
                .startsWith("8 ")
                .endsWith("stage: prod: expected an image that says its source commit, got local; "
                        + "set GIT_COMMIT for .ci/stage image\n");
        assertThat(calls()).noneMatch(call -> call.get(0).equals("git"));
    }

    /** {@return the exit code and what it says} */
    private String refused(Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder stage = new ProcessBuilder(folder.resolve(".ci/stage").toString());
        stage.command().addAll(List.of(arguments));
        stage.redirectErrorStream(true).environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TMPDIR"));
        stage.environment().putAll(machine());
        stage.environment().putAll(variables);
        Process started = stage.start();
        String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return started.waitFor() + " " + said;
    }
}
