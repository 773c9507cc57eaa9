package io.visitorcounter.core.jdbc;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The store of one's own passes what ours pass. */
class H2StoreTest extends CounterStoreContract {

    @TempDir
    static Path folder;

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(URI.create("h2:" + folder.resolve("visits")), options);
    }

    @Override
    protected Optional<URI> uri() {
        return Optional.of(URI.create("h2:" + folder.resolve("visits")));
    }

    @Override
    protected boolean overwrite(CounterName name, long value) {
        return ForeignHand.overwrite("jdbc:h2:" + folder.resolve("visits"), name, value);
    }
}
