package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.visitorcounter.release.hocon.Hermetic;
import io.visitorcounter.release.hocon.KeyPath;
import io.visitorcounter.release.hocon.Outline;
import io.visitorcounter.release.hocon.Statement;
import io.visitorcounter.release.hocon.Statement.Kind;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts made of pieces of HOCON, most of them broken: what the outline takes without an error, the library reads in the
 *  same way. The seed is in the test's name. */
class HoconSubsetTest {

    private static final int TEXTS = Integer.getInteger("texts", 400);
    private static final List<String> PIECES = List.of(
            "include",
            "include",
            "include \"x.conf\"",
            "\"x.conf\"",
            "required(",
            "file(",
            "url(",
            ")",
            "))",
            "includes",
            " ",
            " ",
            " ",
            "\n",
            "\n",
            "\n",
            "\t",
            "\r\n",
            "\r",
            "\u00a0",
            "\u2007",
            "\ufeff",
            "\u2028",
            "\u200b",
            "\u202e",
            "\u0085",
            "\u000b",
            "\u0001",
            "# c\n",
            "#",
            "//",
            "// c\n",
            "a",
            "b",
            "c.d",
            "a.b = 1\n",
            "\"k\"",
            "\"k.l\"",
            "..",
            ".",
            "=",
            "=",
            " = ",
            ":",
            "+=",
            "{",
            "{",
            "}",
            "}",
            "[",
            "]",
            ",",
            ",",
            "1",
            "-",
            "06379",
            "1e+5",
            "1.5",
            "+",
            "true",
            "null",
            "\"q\"",
            "\"\"",
            "\"",
            "\"\"\"",
            "\"\"\"t\n\"\"\"",
            "\"\"\"\"",
            "\\",
            "\"\\n\"",
            "\"\\q\"",
            "\"\\u00e9\"",
            "\"${a}\"",
            "${a}",
            "${a.b}",
            "${?c.d}",
            "${ a }",
            "${a b}",
            "${",
            "${\"k}\"}",
            "${a #}",
            "$",
            "$a",
            "'x'",
            "@",
            "<",
            "<<<<<<< a\n",
            "\n=======\n",
            ";",
            "(",
            "*",
            "&",
            "^",
            "!",
            "?",
            "`",
            "é",
            "日",
            "😀");

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLibraryReadsWhatTheOutlineTakesInTheSameWay(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            String text = text(random);
            Outline outline = Outline.of("prod.conf", text);
            if (outline.errors().parsable().isEmpty()) {
                assertThat(outline.errors().all().size() + outline.errors().tooDeepAt())
                        .as(text)
                        .isPositive();
                continue;
            }
            Set<String> asked = new TreeSet<>();
            SortedMap<String, Integer> keys = new TreeMap<>();
            try {
                collect(KeyPath.ROOT, parse(outline.errors().parsable().get(), asked), keys);
            } catch (ConfigException unjoinable) {
                // Only the library knows whether two values can be joined; the loader tells it.
                assertThat(unjoinable).as(text).hasMessageContaining("Cannot concatenate");
                continue;
            }
            assertThat(asked).as(text).isEqualTo(targets(outline));
            SortedMap<String, Integer> lines = lines(outline);
            keys.forEach((key, line) ->
                    assertThat(lines.get(key)).as(text + key).isNotNull().isLessThanOrEqualTo(line));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noIncludeThatTheLibraryWouldFollowIsDroppedWithoutAnError(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            String text = text(random);
            Set<String> asked = new TreeSet<>();
            try {
                parse(text, asked);
            } catch (ConfigException broken) {
                continue;
            }
            Outline outline = Outline.of("prod.conf", text);
            if (outline.errors().all().isEmpty()) {
                assertThat(targets(outline)).as(text).isEqualTo(asked);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noTextMakesTheReaderFail(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            String text = text(random);
            EnvironmentFiles files = TestBundles.files("prod.conf", text, "x.conf", text(random));
            assertThatCode(() -> files.render(TestBundles.PROD, Contract.none()))
                    .as(text)
                    .doesNotThrowAnyException();
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(1, 16), 0, PIECES.size())
                .mapToObj(PIECES::get)
                .collect(Collectors.joining(random.nextBoolean() ? "" : " "));
    }

    private static ConfigObject parse(String text, Set<String> asked) {
        return ConfigFactory.parseString(text, Hermetic.parsing("prod.conf", named -> {
                    asked.add(named);
                    return ConfigFactory.empty().root();
                }))
                .root();
    }

    private static Set<String> targets(Outline outline) {
        return outline.statements().stream()
                .filter(statement -> statement.kind() == Kind.INCLUDE)
                .map(Statement::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // The last line of each key that is set; of several the library keeps the last, too.
    private static SortedMap<String, Integer> lines(Outline outline) {
        SortedMap<String, Integer> lines = new TreeMap<>();
        outline.statements().stream()
                .filter(statement -> statement.kind() == Kind.VALUE)
                .forEach(statement -> lines.put(statement.path().toString(), statement.line()));
        return lines;
    }

    private static void collect(KeyPath path, ConfigObject object, SortedMap<String, Integer> into) {
        object.forEach((key, value) -> {
            if (value instanceof ConfigObject child) {
                collect(path.child(key), child, into);
            } else if (isPlain(value)) {
                into.put(path.child(key).toString(), value.origin().lineNumber());
            }
        });
    }

    private static boolean isPlain(ConfigValue value) {
        try {
            return !(value instanceof ConfigList) && value.valueType() != null;
        } catch (ConfigException.NotResolved reference) {
            return false;
        }
    }
}
