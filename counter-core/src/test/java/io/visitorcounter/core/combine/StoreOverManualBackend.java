package io.visitorcounter.core.combine;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import java.time.Duration;

/** What tests of the combining store begin with: a store whose time and whose writes they decide. Each test has its own. */
abstract class StoreOverManualBackend {

    static final CounterName HOME = CounterName.of("home");

    final ManualTicker ticker = new ManualTicker();
    final ManualBackend backend = new ManualBackend();
    final CombiningStore store = new CombiningStore(
            backend,
            ticker,
            CounterOptions.builder().deadline(Duration.ofSeconds(2)).queue(3).build(),
            10_000);
}
