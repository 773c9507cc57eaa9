package io.visitorcounter.core.contract;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** What callers may rely on, whichever store they use. Extend it and say how to open yours; every test counts under
 *  names of its own, so one server or file may serve them all. */
public abstract class CounterStoreContract
        implements NumbersContract,
                VisitIdContract,
                HistoryContract,
                LifecycleContract,
                ListenerContract,
                ChangeContract,
                DeleteContract,
                ListContract,
                VisitorsContract,
                CallbackContract {

    private final List<CounterStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected CounterStoreContract() {}

    /** {@return a newly opened store; one that {@link #shares()} sees what the others of the same test counted}
     *
     *  @param options as the test wants them */
    protected abstract CounterStore openStore(CounterOptions options);

    /** {@return whether two stores that are open at the same time count together; false for one that keeps to itself} */
    protected boolean shares() {
        return true;
    }

    /** Sets a counter's stored value as a foreign hand would, past the library: with the database's own means.
     *
     *  @param name of a counter that was visited
     *  @param value to set
     *  @return whether that was done; false, the default, where nobody can, and generations are then not tested */
    protected boolean overwrite(CounterName name, long value) {
        return false;
    }

    /** {@return the URI by which another JVM with the class path of this one opens the same store: it counts there and is killed;
     *  empty, the default, where no other process can} */
    protected Optional<URI> uri() {
        return Optional.empty();
    }

    /** {@return whether values can be set and counters deleted and listed; false for a store that only counts, which is then
     *  tested to refuse it} */
    protected boolean changes() {
        return true;
    }

    /** {@return whether the store notes visitors, and is tested for it; false by default} */
    protected boolean notesVisitors() {
        return false;
    }

    @AfterEach
    final void closeStores() {
        opened.forEach(CounterStore::close);
    }

    @Override
    public final CounterStore opened(CounterOptions options) {
        CounterStore store = openStore(options);
        opened.add(store);
        return store;
    }

    @Override
    public final boolean overwriting(CounterName name, long value) {
        return overwrite(name, value);
    }

    @Override
    public final Optional<URI> address() {
        return uri();
    }

    @Override
    public final boolean changing() {
        return changes();
    }

    @Override
    public final boolean notingVisitors() {
        return notesVisitors();
    }

    @Override
    public final boolean sharing() {
        return shares();
    }
}
