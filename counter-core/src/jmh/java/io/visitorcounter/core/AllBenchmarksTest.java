package io.visitorcounter.core;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks with 1, 8 and 64 callers: {@code mvn -Pjmh -pl counter-core test}. */
final class AllBenchmarksTest {

    @Test
    void run() throws Exception {
        for (int callers : new int[] {1, 8, 64}) {
            new Runner(new OptionsBuilder()
                            .include(System.getProperty("jmh.include", "Benchmark"))
                            .threads(callers)
                            .jvmArgsAppend("-Xmx256m")
                            .build())
                    .run();
        }
    }
}
