package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A ledger in a folder of this machine. */
class LocalLedgerTest extends LedgerContract {

    @Override
    LedgerPlace place() {
        return new LedgerPlace.Local(folder.resolve("ledger.git"), true);
    }

    @Test
    void theFirstAppendCreatesItAndNoReadDoes() {
        try (Ledger ledger = ledger()) {
            assertThat(ledger.readIfThere()).isEmpty();
            assertThatThrownBy(ledger::read).isInstanceOf(ReleaseException.NotFound.class);
            assertThat(folder.resolve("ledger.git")).doesNotExist();

            append(ledger, DEV, "one");

            assertThat(ledger.readIfThere()).isPresent();
            assertThat(List.of(folder.toFile().list())).containsExactlyInAnyOrder("ledger.git", "seen");
        }
    }

    @Test
    void aFolderThatIsNoRepositoryIsSaidToBeNone() throws Exception {
        Files.createDirectories(folder.resolve("ledger.git"));
        Files.writeString(folder.resolve("ledger.git/notes"), "hello");

        try (Ledger ledger = ledger()) {
            assertThatThrownBy(ledger::read)
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("expected a git repository as the ledger, got another folder");
            assertThatThrownBy(() -> append(ledger, DEV, "one")).isInstanceOf(ReleaseException.Unreachable.class);
        }
        assertThat(folder.resolve("ledger.git").toFile().list()).containsExactly("notes");
    }

    @Test
    void whatWasSeenLastIsNamedWhereItCanNotBeRead() throws Exception {
        try (Ledger ledger = ledger()) {
            append(ledger, DEV, "one");
        }
        Path seen;
        try (var files = Files.list(folder.resolve("seen"))) {
            seen = files.findFirst().orElseThrow();
        }
        Files.writeString(seen, "{");

        try (Ledger ledger = ledger()) {
            assertThatThrownBy(ledger::read)
                    .isInstanceOf(ReleaseException.VerificationFailed.class)
                    .hasMessageContaining(seen + ": expected a JSON object")
                    .hasMessageContaining("which entry was seen here last: delete it");
        }
    }
}
