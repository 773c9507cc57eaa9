package io.visitorcounter.core.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.BackendContract;
import io.visitorcounter.core.contract.CounterStoreContract;
import io.visitorcounter.core.spi.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract passes a store without a fault, and finds each planted one. */
final class ContractFindsFaultsTest {

    /** The contract over a store with a fault. It is not a test of its own: most of its tests have to fail. */
    private static final class Mutant extends CounterStoreContract {

        private final FaultySteps.Shared shared = new FaultySteps.Shared();
        private final List<FaultyStore> stores = new ArrayList<>();
        private final Fault fault;

        Mutant(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected CounterStore openStore(CounterOptions options) {
            FaultyStore store = new FaultyStore(shared, fault, options);
            stores.add(store);
            return store;
        }

        @Override
        protected boolean notesVisitors() {
            return true;
        }

        @Override
        protected boolean overwrite(CounterName name, long value) {
            shared.overwrite(name, value);
            return true;
        }
    }

    /** The contract of backends over one with a fault. */
    private static final class MutantBackend extends BackendContract {

        private final FaultySteps.Shared shared = new FaultySteps.Shared();
        private final Fault fault;

        MutantBackend(Fault fault) {
            this.fault = fault;
        }

        @Override
        protected Backend openBackend(CounterOptions options) {
            return new FaultyBackend(shared, fault);
        }

        @Override
        protected boolean notesVisitors() {
            return true;
        }
    }

    @Test
    void theContractPassesAStoreWithoutAFault() throws Exception {
        for (Method test : tests()) {
            assertThat(failure(test, Fault.NONE)).as(test.getName()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theContractFinds(Fault fault) throws Exception {
        List<String> found = new ArrayList<>();
        for (Method test : tests()) {
            if (found.isEmpty() && failure(test, fault) != null) {
                found.add(test.getName());
            }
        }

        assertThat(found).as("tests of the contract that fail").isNotEmpty();
    }

    /** Its process has to be killed, so it is a store of its own. */
    @Test
    void theContractFindsAStoreThatAnswersBeforeItWrites(@TempDir Path folder) {
        URI uri = URI.create("behind:" + folder.resolve("visits.db"));
        CounterStoreContract behind = new CounterStoreContract() {
            @Override
            protected CounterStore openStore(CounterOptions options) {
                return CounterStore.open(uri, options);
            }

            @Override
            protected Optional<URI> uri() {
                return Optional.of(uri);
            }
        };

        behind.visitsAreNumberedFromOne();
        assertThatThrownBy(behind::whatAKilledProcessWasToldIsThereAndNoNumberComesTwice)
                .isInstanceOf(AssertionError.class);
    }

    private static List<Method> tests() {
        List<Method> tests = Stream.of(Mutant.class, MutantBackend.class)
                .flatMap(contract -> Stream.of(contract.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .sorted(Comparator.comparing(Method::getName)))
                .toList();
        assertThat(tests).hasSizeGreaterThan(90);
        return tests;
    }

    private static @Nullable Throwable failure(Method test, Fault fault) throws Exception {
        boolean ofBackends = test.getDeclaringClass().isAssignableFrom(MutantBackend.class);
        MutantBackend backend = new MutantBackend(fault);
        Mutant mutant = new Mutant(fault);
        test.setAccessible(true);
        try {
            test.invoke(ofBackends ? backend : mutant);
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } finally {
            // An interrupt that a fault left behind is not the next test's.
            Thread.interrupted();
            backend.closeBackends();
            mutant.stores.forEach(store -> {
                try {
                    store.close();
                } catch (IllegalStateException secondClose) {
                    // It is closed.
                }
            });
        }
    }
}
