package io.visitorcounter.core.memory;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.spi.Backend;

/** The contract of a backend that keeps the defaults. */
final class CountingOnlyBackendTest extends BackendContract {

    @Override
    protected Backend openBackend(CounterOptions options) {
        return new CountingOnlyBackend(options);
    }

    @Override
    protected boolean shares() {
        return false;
    }

    @Override
    protected boolean losesAnswers() {
        return false;
    }

    @Override
    protected boolean changes() {
        return false;
    }
}
