package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger behind a file:// URL is pushed to as git pushes: the hooks run, and are heard. */
class FileUrlLedgerTest {

    @TempDir
    Path folder;

    private Path bare;

    @BeforeEach
    void create() {
        bare = BareRepository.create(folder.resolve("there.git"));
    }

    private Ledger ledger() {
        return Ledger.at(
                LedgerPlace.of("file://" + bare, folder.resolve("copies"), Map.of()),
                folder.resolve("seen"),
                Retry.standard());
    }

    private void hook(String name, String script) throws IOException {
        Path hook = Files.createDirectories(bare.resolve("hooks")).resolve(name);
        Files.writeString(hook, "#!/bin/sh\n" + script + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aHookThatRefusesIsHeard() throws IOException {
        hook("pre-receive", "printf 'change window closed: \\033[31msee CHG-123\\n' >&2; exit 1");

        try (Ledger ledger = ledger()) {
            assertThatThrownBy(() -> LedgerContract.append(ledger, LedgerContract.DEV, "one"))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .message()
                    .satisfies(text -> assertThat(text)
                            .containsAnyOf(
                                    "remote: change window closed: \\u001b[31msee CHG-123",
                                    "has hooks, which only git runs; install git on this machine"));
        }
        assertThat(bare.resolve("refs/heads/releases")).doesNotExist();
    }

    @Test
    void aHookThatPrintsAWholeLogIsCutShort() throws IOException {
        hook("pre-receive", "yes a line of its log | head -c 100000 >&2; exit 1");

        try (Ledger ledger = ledger()) {
            assertThatThrownBy(() -> LedgerContract.append(ledger, LedgerContract.DEV, "one"))
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .message()
                    .hasSizeLessThan(3_000)
                    .satisfies(text ->
                            assertThat(text).containsAnyOf("a line of its log; ", "has hooks, which only git runs"));
        }
    }

    @Test
    void aHookThatAgreesRuns() throws IOException {
        hook("post-receive", "echo ran > " + folder.resolve("ran"));

        try (Ledger ledger = ledger()) {
            if (!GitProgram.isThere()) {
                assertThatThrownBy(() -> LedgerContract.append(ledger, LedgerContract.DEV, "one"))
                        .hasMessageContaining("has hooks, which only git runs");
                return;
            }
            LedgerContract.append(ledger, LedgerContract.DEV, "one");

            assertThat(ledger.read().last(LedgerContract.DEV)).isPresent();
        }
        assertThat(folder.resolve("ran")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/heads/releases.lock", "HEAD.lock", "packed-refs.lock", "config.lock", "shallow.lock"})
    void aLockThatWasLeftIsNamedOrDoesNoHarm(String name) throws IOException {
        try (Ledger ledger = ledger()) {
            LedgerContract.append(ledger, LedgerContract.DEV, "one");
            Path lock = Files.writeString(bare.resolve(name), "");
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));

            try {
                LedgerContract.append(ledger, LedgerContract.DEV, "two");
            } catch (ReleaseException.Unreachable named) {
                assertThat(named).hasMessageContaining(name).hasMessageContaining("; nothing was released");
                assertThat(ledger.obstacle())
                        .hasValueSatisfying(text -> assertThat(text).contains(name));
            }
        }
    }

    @Test
    void aLockThatWasLeftInTheCopyHereIsTakenAway() throws IOException {
        try (Ledger ledger = ledger()) {
            LedgerContract.append(ledger, LedgerContract.DEV, "one");
            Path copy;
            try (var copies = Files.list(folder.resolve("copies"))) {
                copy = copies.findFirst().orElseThrow();
            }
            Path lock = Files.writeString(copy.resolve("refs/heads/releases.lock"), "");
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));

            LedgerContract.append(ledger, LedgerContract.DEV, "two");

            assertThat(lock).doesNotExist();
            assertThat(ledger.read().history(LedgerContract.DEV, 5)).hasSize(2);
        }
    }
}
