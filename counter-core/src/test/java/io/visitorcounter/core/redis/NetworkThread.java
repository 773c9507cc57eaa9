package io.visitorcounter.core.redis;

import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.VisitorCounter;

/** Where a store under test does its network work, and where its calls begin. */
enum NetworkThread {

    /** On threads of the store; calls begin on those of the callers. */
    OWN {
        @Override
        CounterOptions.Builder options() {
            return CounterOptions.builder();
        }

        @Override
        VisitorCounter begin(VisitorCounter counter) {
            return counter;
        }
    },

    /** On one thread of the application; calls begin there too. */
    HOSTED {
        @Override
        CounterOptions.Builder options() {
            return CounterOptions.builder().eventLoop(Shared.LOOP);
        }

        @Override
        VisitorCounter begin(VisitorCounter counter) {
            return Shared.LOOP.counter(counter);
        }
    };

    /** {@return options that have the work done there} */
    abstract CounterOptions.Builder options();

    /** {@return the counter, whose calls begin there} */
    abstract VisitorCounter begin(VisitorCounter counter);

    /** Ends with the JVM: the tests' stores follow one another on it. */
    private static final class Shared {
        static final ThreadLoop LOOP = new ThreadLoop();
    }
}
