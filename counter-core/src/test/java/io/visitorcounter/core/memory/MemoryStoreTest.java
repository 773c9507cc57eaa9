package io.visitorcounter.core.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends CounterStoreContract {

    @Override
    protected CounterStore openStore(CounterOptions options) {
        return CounterStore.open(URI.create("memory:/"), options);
    }

    @Override
    protected boolean notesVisitors() {
        return true;
    }

    @Override
    protected boolean shares() {
        return false;
    }

    @Test
    void aDurabilityThatMemoryCanNotHaveIsRefused() {
        CounterOptions synced =
                CounterOptions.builder().durability(new Durability.Fsync()).build();

        assertThatThrownBy(() -> openStore(synced))
                .isInstanceOf(StoreException.class)
                .hasMessage("memory: durability: expected memory, got fsync; ask for memory or choose another store");
    }
}
