package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every config of the corpus is refused, with all its faults and no others; the cases are in {@code refused/*.cases}. */
class BadConfigTest {

    private static final List<String> TOPICS =
            List.of("values", "keys", "files", "syntax", "references", "secrets", "bare", "subset");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> isRefusedWithAllItsFaults() {
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.topic() + ": " + one.name(), () -> {
                    Path environments = one.writeTo(folder.resolve(one.topic() + one.number()));
                    Contract contract = one.topic().equals("bare") ? Contract.none() : TestContract.read();

                    Rendering rendering = new EnvironmentFiles(environments).render(new Environment("prod"), contract);

                    assertThat(faults(rendering)).containsExactlyElementsOf(one.faults());
                }));
    }

    @Test
    void theCorpusIsLarge() {
        assertThat(cases())
                .hasSizeGreaterThan(100)
                .allSatisfy(one -> assertThat(one.faults()).isNotEmpty());
    }

    private static List<String> faults(Rendering rendering) {
        return rendering instanceof Rendering.Invalid refused
                ? refused.faults().stream().map(ConfigFault::toString).toList()
                : List.of();
    }

    private static List<BadConfig> cases() {
        return TOPICS.stream().flatMap(BadConfig::ofTopic).toList();
    }
}
