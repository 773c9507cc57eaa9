package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.ledger.BareRepository;
import io.visitorcounter.release.ledger.GitServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A release that a git hook makes: git tells the hook in variables where its own repository is, and the ledger's is
 *  another. */
@Timeout(60)
class HookedReleaseIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GIT_DIR",
                "GIT_OBJECT_DIRECTORY",
                "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                "GIT_QUARANTINE_PATH",
                "GIT_NAMESPACE",
                "GIT_CONFIG_COUNT",
                "GIT_COMMON_DIR"
            })
    void theVariablesOfAHookLeadTheLedgerNowhereElse(String variable) throws Exception {
        assumeTrue(GitServer.isThere(), "no git on this machine (Debian: apt-get install git)");
        Path ledger = BareRepository.create(folder.resolve("ledger.git"));
        new Tool(folder).config("dev", "app {}");

        ToolProcess freeze = ToolProcess.start(
                folder,
                Map.of(
                        "RELEASE_LEDGER",
                        "file://" + ledger,
                        variable,
                        folder.resolve("other").toString()),
                "freeze",
                "dev",
                "--reason",
                "audit");

        assertThat(freeze.await()).as(freeze.output()).isZero();
        assertThat(ledger.resolve("refs/heads/releases")).exists();
    }
}
