package io.visitorcounter.core.contract;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import java.net.URI;
import java.util.Optional;

/** What a part of the contract needs of the store that it is about. */
interface StoreUnderTest {

    /** {@return a newly opened store, which is closed after the test} */
    CounterStore opened(CounterOptions options);

    /** Sets a counter's stored value.
     *
     *  @return whether that could be done */
    boolean overwriting(CounterName name, long value);

    /** {@return where another JVM opens the same store, if it can} */
    Optional<URI> address();

    /** {@return whether values can be set and counters listed} */
    boolean changing();

    /** {@return whether it notes visitors} */
    boolean notingVisitors();

    /** {@return whether two of them count together} */
    boolean sharing();
}
