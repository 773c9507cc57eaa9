package io.visitorcounter.release.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A ledger behind a URL; each user of it has a copy of their own. */
class RemoteLedgerTest extends LedgerContract {

    private final AtomicInteger users = new AtomicInteger();

    @Override
    synchronized LedgerPlace place() {
        Path bare = folder.resolve("there.git");
        if (!Files.exists(bare)) {
            try {
                GitSystemReader.use();
                LocalRepository.initialise(bare);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new LedgerPlace.Remote("file://" + bare, folder.resolve("copies-" + users.incrementAndGet()), Map.of());
    }

    @Test
    void aLedgerThatIsNotThereIsOneLine() {
        LedgerPlace.Remote nowhere =
                new LedgerPlace.Remote("file://" + folder.resolve("nowhere.git"), folder.resolve("copies"), Map.of());
        try (Ledger ledger = Ledger.at(nowhere, folder.resolve("seen"), Retry.standard())) {
            assertThatThrownBy(ledger::read)
                    .isInstanceOf(ReleaseException.Unreachable.class)
                    .hasMessageContaining("nowhere.git: the ledger can't be read")
                    .hasMessageEndingWith("not found; does git ls-remote " + nowhere.url() + " work from here?")
                    .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        }
    }
}
