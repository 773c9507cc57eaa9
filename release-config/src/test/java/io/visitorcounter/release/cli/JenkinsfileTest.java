package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Jenkinsfile does, asks and refuses, on which agents and with which logins. */
class JenkinsfileTest extends PipelineRuns {

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
}
