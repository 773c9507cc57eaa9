package io.visitorcounter.core.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.contract.CounterStoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract passes a store without a fault, and finds each planted one. */
final class ContractFindsFaultsTest {

    /** The contract over a store with a fault. It is not a test of its own: most of its tests have to fail. */
    private static final class Mutant extends CounterStoreContract {

        private final FaultyBackend.Shared shared = new FaultyBackend.Shared();
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
        protected boolean overwrite(CounterName name, long value) {
            shared.overwrite(name, value);
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

    private static List<Method> tests() {
        List<Method> tests = Stream.of(Mutant.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        assertThat(tests).hasSizeGreaterThan(40);
        return tests;
    }

    private static @org.jspecify.annotations.Nullable Throwable failure(Method test, Fault fault) throws Exception {
        Mutant mutant = new Mutant(fault);
        test.setAccessible(true);
        try {
            test.invoke(mutant);
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } finally {
            // An interrupt that a fault left behind is not the next test's.
            Thread.interrupted();
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
