package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is wrong asks for nobody knows what: no gate opens on what happened to be read of it. */
class FaultyPolicyTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void releaseTwiceAndBreakTheFile() throws Exception {
        tool = new Tool(project);
        String app = FixtureApp.tar(project.resolve("app.tar"), "1").toString();
        tool.config("prod", "app { greeting = one }");
        tool.mustRun("create", "prod", "--app", app);
        tool.config("prod", "app { greeting = two }");
        tool.mustRun("create", "prod", "--app", app);
        tool.config("stage", "app {}");
        tool.mustRun("create", "stage", "--app", app);
        tool.config("prod", "app { greeting = two }\nrelease { require-signatures-by = [prod] }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run prod",
                "run prod@v1",
                "manifest prod --format compose",
                "promote prod stage",
                "approve prod --from stage",
                "deploy prod",
                "verify prod",
                "verify --all"
            })
    void whatAsksForTheGatesSaysWhatIsWrong(String command) {
        assertThat(tool.run(command.split(" ", -1))).isEqualTo(4);

        assertThat(tool.err())
                .isEqualTo("environments/prod.conf:2: release.require-signatures-by: no such key; did you mean"
                        + " release.require-signature-by?\n");
        assertThat(tool.out()).isEmpty();
    }

    @Test
    void soDoesAnUnfreezeAndAFreezeHoldsAtOnce() {
        tool.mustRun("freeze", "prod", "--reason", "broken");

        assertThat(tool.run("unfreeze", "prod", "--reason", "over")).isEqualTo(4);
        assertThat(tool.err()).contains("release.require-signatures-by");
        tool.mustRun("status");
        assertThat(tool.out()).contains("frozen by Ada");
        tool.config("prod", "app { greeting = two }");
        tool.mustRun("unfreeze", "prod", "--reason", "mended");
    }

    @Test
    void aRollbackGoesOnForWhoConfirmsIt() {
        assertThat(tool.run("rollback", "prod")).isEqualTo(8);
        assertThat(tool.err()).contains("--confirm prod");

        tool.mustRun("rollback", "prod", "--confirm", "prod");
    }

    @Test
    void theFileOfAnotherEnvironmentHindersNobody() {
        tool.config("prod", "app { greeting = two }");
        tool.config("stage", "release { confirm = maybe }");

        tool.config("test", "app {}");

        tool.mustRun("promote", "prod", "test");
        tool.mustRun("verify", "prod");
    }

    @Test
    void anImportSaysWhatIsWrongAndWritesNothing() throws Exception {
        Path site = Files.createDirectories(project.resolve("inside"));
        Tool inside = new Tool(site);
        tool.config("prod", "app { greeting = two }");
        Path file = project.resolve("prod.tar");
        tool.mustRun("export", "prod", file.toString());
        assertThat(inside.run("import", file.toString())).isEqualTo(8);
        String ledger = inside.err().replaceFirst("(?s).*--trust-ledger (sha256:[0-9a-f]+).*", "$1");
        inside.config("prod", "release { confirm = maybe, require-signature-by = [prod] }");

        for (String more : new String[] {"", "--dry-run"}) {
            String[] command = ("import " + file + " --trust-ledger " + ledger + " " + more)
                    .strip()
                    .split(" ", -1);
            assertThat(inside.run(command)).isEqualTo(4);
            assertThat(inside.err()).startsWith("environments/prod.conf:1: release.confirm: expected");
        }
        assertThat(inside.run("approve", "prod", "--import", file.toString(), "--trust-ledger", ledger))
                .isEqualTo(4);
        assertThat(site.resolve(".release/images")).doesNotExist();
        assertThat(inside.run("show", "prod")).isEqualTo(9);
        inside.config("prod", "release { confirm = true }");
        inside.mustRun("import", file.toString(), "--trust-ledger", ledger, "--confirm", "prod");
    }
}
