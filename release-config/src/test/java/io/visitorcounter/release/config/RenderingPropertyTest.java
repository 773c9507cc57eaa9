package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.Statement.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random configs, written in random ways: the bundle depends on what is said, not on how. The seed is in the test's name. */
class RenderingPropertyTest {

    private static final String LETTERS = "abcXYZ09 _-.,:=+#/\\\"'{}[]$()ü日\n\t";

    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theBundleDependsOnWhatIsSaidAndNotOnHow(int seed) {
        Random random = new Random(seed);
        Map<String, Object> values = values(random);

        EnvironmentFiles plain = TestBundles.files("prod.conf", write(values, new Random(0), false));
        EnvironmentFiles mixed = TestBundles.files(
                "prod.conf",
                "include \"base.conf\"\n" + write(values, random, true),
                "base.conf",
                write(values(random), random, true));

        Bundle expected = TestBundles.bundle(plain.render(TestBundles.PROD, Contract.none()));
        Bundle actual = TestBundles.bundle(mixed.render(TestBundles.PROD, Contract.none()));
        values.forEach((key, value) -> assertThat(actual.settings())
                .containsEntry(key, String.valueOf(expected.settings().get(key))));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theHoconLibraryReadsBackWhatWasMeant(int seed) {
        Map<String, Object> values = values(new Random(seed));
        EnvironmentFiles files = TestBundles.files("prod.conf", write(values, new Random(seed), true));

        Bundle bundle = TestBundles.bundle(files.render(TestBundles.PROD, Contract.none()));
        Config read = ConfigFactory.parseString(TestBundles.text(bundle, Bundle.APP_CONF));

        values.forEach((key, value) -> assertThat(read.getAnyRef(key)).isEqualTo(value));
        assertThat(read.entrySet()).hasSameSizeAs(values.entrySet());
        assertThat(Bundle.readFrom(bundle.files()).digest()).isEqualTo(bundle.digest());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theOutlineNamesTheKeysThatTheLibraryFinds(int seed) {
        Random random = new Random(seed);
        String text = write(values(random), random, true);

        Outline outline = Outline.of("prod.conf", text);
        Config library = ConfigFactory.parseString(text);

        assertThat(outline.statements().stream()
                        .filter(statement -> statement.kind() == Kind.VALUE)
                        .map(statement -> statement.path().toString()))
                .containsExactlyInAnyOrderElementsOf(
                        library.entrySet().stream().map(Map.Entry::getKey).toList());
        outline.statements().stream()
                .filter(statement -> statement.kind() == Kind.VALUE)
                .forEach(statement -> assertThat(statement.line())
                        .isEqualTo(library.getValue(statement.path().toString())
                                .origin()
                                .lineNumber()));
    }

    private static Map<String, Object> values(Random random) {
        Map<String, Object> values = new TreeMap<>();
        for (String parent : List.of("", "redis.", "http.deep.")) {
            for (String name : List.of("alpha", "beta", "gamma-1")) {
                values.put(parent + name, value(random));
            }
        }
        return values;
    }

    private static Object value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(2_000_000) - 1_000_000;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong(1L << 32, 1L << 62);
            default ->
                random.ints(random.nextInt(12), 0, LETTERS.length())
                        .mapToObj(i -> LETTERS.substring(i, i + 1))
                        .reduce("", String::concat);
        };
    }

    private static String write(Map<String, Object> values, Random random, boolean mixed) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>(values.entrySet());
        if (mixed) {
            Collections.shuffle(entries, random);
        }
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Object> entry : entries) {
            out.append(statement(List.of(("app." + entry.getKey()).split("\\.", -1)), entry.getValue(), random, mixed));
            out.append('\n');
        }
        return out.toString();
    }

    private static String statement(List<String> path, Object value, Random random, boolean mixed) {
        boolean dotted = !mixed || random.nextBoolean();
        String head = mixed && random.nextBoolean() ? "\"" + path.get(0) + "\"" : path.get(0);
        String noise = mixed && random.nextInt(4) == 0 ? " # { not = code }\n" : "\n";
        if (path.size() == 1) {
            String separator = mixed && random.nextBoolean() ? " : " : " = ";
            return head + separator + (value instanceof String text ? AppConf.quoted(text) : value);
        } else if (dotted) {
            return head + "." + statement(path.subList(1, path.size()), value, random, mixed);
        }
        return head + " {" + noise + statement(path.subList(1, path.size()), value, random, true) + noise + "}";
    }
}
