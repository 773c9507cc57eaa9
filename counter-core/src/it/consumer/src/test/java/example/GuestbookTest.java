package example;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passes what every store passes, and one test of its own. */
class GuestbookTest extends CounterStoreContract {

    @TempDir
    Path folder;

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return new Guestbook(folder.resolve("guests.db"), options);
    }

    @Test
    void guestsAreNumberedInTheirOrder() throws Exception {
        try (Guestbook book = new Guestbook(folder.resolve("guests.db"), CounterOptions.defaults())) {
            assertThat(book.sign()).isEqualTo(1);
            assertThat(book.sign()).isEqualTo(2);
        }
    }
}
