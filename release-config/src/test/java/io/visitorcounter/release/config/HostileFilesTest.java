package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Files that grow without bound, in whatever way, are refused in no time. Each of these ran for minutes, or out of memory
 *  or of stack, in a reader whose bounds held in one of its passes only. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileFilesTest {

    @Test
    void filesThatIncludeTheNextOneTwiceAreRefused() {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 31; i++) {
            files.put("i" + i + ".conf", ("include \"i" + (i + 1) + ".conf\"\n").repeat(2));
        }
        files.put("i31.conf", "app.queue = 7");
        files.put("prod.conf", "include \"i0.conf\"");

        assertThat(faults(files)).hasSize(1).first().asString().contains("expected at most 100 includes in all");
    }

    @Test
    void aFileThatAppendsAndIsIncludedOftenIsRefused() {
        String appends =
                IntStream.range(0, 20).mapToObj(i -> "k = ${?app.labels.k}x\n").collect(Collectors.joining());

        assertThat(faults(Map.of(
                        "part.conf",
                        "app.labels { " + appends + " }",
                        "prod.conf",
                        "include \"part.conf\"\n".repeat(99))))
                .containsExactly("environments/part.conf:11: app.labels.k is set more than 50 times");
    }

    @Test
    void keysAreCountedOverAllFiles() {
        assertThat(faults(Map.of(
                        "part.conf",
                        lines(1500, "app.labels.k# = 1"),
                        "prod.conf",
                        "include \"part.conf\"\n" + lines(1500, "app.labels.l# = 1"))))
                .containsExactly("environments/prod.conf:502: expected at most 2000 keys");
    }

    @Test
    void referencesAreCountedOverAllFiles() {
        String part = lines(800, "app.labels.k# = ${app.queue}${app.queue}");
        String prod = "include \"part.conf\"\n" + lines(300, "app.labels.l# = ${app.queue}${app.queue}");

        assertThat(faults(Map.of("part.conf", part, "prod.conf", prod)))
                .containsExactly("environments/prod.conf:202: expected at most 2000 references");
    }

    @Test
    void objectsThatDoubleOneAnotherAreRefused() {
        String doubling = IntStream.range(1, 30)
                .mapToObj(
                        i -> "o" + i + " { l = ${app.labels.o" + (i - 1) + "}, r = ${app.labels.o" + (i - 1) + "} }\n")
                .collect(Collectors.joining());

        assertThat(faults(Map.of("prod.conf", "app.labels {\no0 { a = 1 }\n" + doubling + "}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("make it longer than 262144 characters");
    }

    @Test
    void textsThatDoubleOneAnotherThroughAnObjectByReferenceAreRefused() {
        String doubling = IntStream.range(1, 40)
                .mapToObj(i -> "o# { b = ${app.labels.a@.b}${app.labels.a@.b} }\na# = ${app.labels.o#}\n"
                        .replace("#", String.valueOf(i))
                        .replace("@", String.valueOf(i - 1)))
                .collect(Collectors.joining());

        assertThat(faults(Map.of("prod.conf", "app.labels {\na0 { b = abcdefgh }\n" + doubling + "}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("make it longer than 262144 characters");
    }

    @Test
    void textsThatDoubleOneAnotherWithinTheObjectThatTheyReferToAreRefused() {
        String doubling = IntStream.range(1, 40)
                .mapToObj(i -> "a# = ${app.labels.y.a@}${app.labels.y.a@}\n"
                        .replace("#", String.valueOf(i))
                        .replace("@", String.valueOf(i - 1)))
                .collect(Collectors.joining());

        assertThat(faults(Map.of(
                        "prod.conf", "app.labels {\nx { a0 = abcdefgh\n" + doubling + "}\ny = ${app.labels.x}\n}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("make it longer than 262144 characters");
    }

    @Test
    void manyCopiesOfALargeObjectAreRefused() {
        assertThat(faults(Map.of(
                        "prod.conf",
                        "app.labels {\no {\n" + lines(900, "k# = " + "v".repeat(50)) + "}\n"
                                + lines(900, "p# = ${app.labels.o}") + "}")))
                .containsExactly("environments/prod.conf:927: labels.p24: references make all values together longer"
                        + " than 1048576 characters");
    }

    @Test
    void longNamesThatAreNotThereAreToldInNoTime() {
        String name = "c".repeat(9500);
        String file =
                "app.labels {\n" + lines(12, name + "# = 1") + lines(12, "k# = ${app.labels." + name + "-#}") + "}";

        assertThat(faults(Map.of("prod.conf", file))).hasSize(12);
    }

    @Test
    void aLongChainThatEndsAtASecretIsFollowedInNoTime() {
        String chain = IntStream.range(0, 1900)
                .mapToObj(i -> "k" + i + " = ${app.labels.k" + (i + 1) + "}\n")
                .collect(Collectors.joining());

        assertThat(faults(Map.of("prod.conf", "app.labels {\n" + chain + "k1900 = ${app.redis.password}\n}")))
                .containsExactly("environments/prod.conf:2: labels.k0: references are chained more than 100 times");
    }

    @Test
    void aHundredReferencesInARowAreFollowed() {
        String names = chain(100, "a# = ${app.labels.a@}");
        // Through an object by reference, each step is two references.
        String objects = chain(50, "o# { k = ${app.labels.p@.k} }\np# = ${app.labels.o#}");

        assertThat(faults(Map.of("prod.conf", "app.labels {\na0 = x\n" + names + "}")))
                .isEmpty();
        assertThat(faults(Map.of("prod.conf", "app.labels {\np0 { k = x }\n" + objects + "}")))
                .isEmpty();
    }

    @Test
    void aKeyThatAppendsToItselfIsAsLongAsItsParts() {
        assertThat(faults(Map.of("prod.conf", "app.labels.k = x\n" + "app.labels.k = ${app.labels.k}y\n".repeat(49))))
                .isEmpty();
        assertThat(faults(Map.of(
                        "prod.conf",
                        "app.labels.k = x\n" + "app.labels.k = ${app.labels.k}${app.labels.k}\n".repeat(49))))
                .hasSize(1)
                .first()
                .asString()
                .contains("longer than");
    }

    @Test
    void aChainThatAnotherFileGivesAgainIsAsLongAsOne() {
        String chain = chain(40, "a# = ${app.labels.a@}");

        assertThat(faults(Map.of(
                        "base.conf",
                        "app.labels {\na0 = x\n" + chain + "}\n",
                        "prod.conf",
                        "include \"base.conf\"\napp.labels {\n" + chain + "}")))
                .isEmpty();
    }

    @Test
    void keysThatEachAppendTheOneBeforeOftenAreRefused() {
        String chain = chain(6, "a# = x\n" + "a# = ${app.labels.a#}${app.labels.a@}\n".repeat(20));

        assertThat(faults(Map.of("prod.conf", "app.labels {\na0 = abcdefgh\n" + chain + "}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("longer than");
    }

    @Test
    void listsThatReferencesNestWithoutEndAreRefused() {
        String lists = chain(20, "a# = " + "[".repeat(50) + "${app.labels.a@}" + "]".repeat(50));
        String objects = chain(20, "a# = [" + "{ b: ".repeat(20) + "${app.labels.a@}" + "}".repeat(20) + "]");
        String keys = chain(30, "a#.b.c.d = ${app.labels.a@}");

        for (String nested : List.of(lists, objects, keys)) {
            assertThat(faults(Map.of("prod.conf", "app.labels {\na0 = x\n" + nested + "}")))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("references nest it deeper than 64");
        }
    }

    @Test
    void aLargeObjectOnTopOfAnotherMayReferToManyKeysOfIt() {
        String base = "base {\n" + lines(300, "k# = vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv") + "}\n";
        String on = "on = ${app.labels.base} {\n" + lines(300, "k# = ${app.labels.base.k#}s") + "}\n";

        assertThat(faults(Map.of("prod.conf", "app.labels {\n" + base + on + "}\n")))
                .isEmpty();
    }

    @Test
    void anObjectMayBeReplacedByAPartOfItself() {
        assertThat(faults(Map.of("prod.conf", "app.labels { a { b { c = x } } }\napp.labels.a = ${app.labels.a.b}\n")))
                .isEmpty();
    }

    @Test
    void listsThatDoubleOneAnotherAreRefused() {
        String doubling = IntStream.range(1, 30)
                .mapToObj(i -> "l" + i + " = [${app.labels.l" + (i - 1) + "}, ${app.labels.l" + (i - 1) + "}]\n")
                .collect(Collectors.joining());

        assertThat(faults(Map.of("prod.conf", "app.labels {\nl0 = [abcdefgh]\n" + doubling + "}")))
                .hasSize(1)
                .first()
                .asString()
                .contains("make it longer than 262144 characters");
    }

    @Test
    void anObjectThatIsMergedOnToAReferenceManyTimesIsReadInNoTime() {
        assertThat(faults(Map.of(
                        "prod.conf",
                        "app.labels { x { a = 1 }, k = ${app.labels.x}\n" + lines(1000, "k.a# = 1") + "}")))
                .isEmpty();
    }

    @Test
    void deepListsAndBracketsThatDoNotCloseAreRefused() {
        assertThat(faults(Map.of("prod.conf", "app.labels.k = " + "[".repeat(5000) + "\n")))
                .containsExactly("environments/prod.conf:1: nested deeper than 64");
        assertThat(faults(Map.of("prod.conf", "{\n".repeat(20_000)))).hasSize(1);
        assertThat(faults(Map.of("prod.conf", "}\n".repeat(20_000)))).isNotEmpty();
        assertThat(faults(Map.of("prod.conf", "a = \"\"\"" + "\"\n".repeat(20_000))))
                .isNotEmpty();
        assertThat(faults(Map.of("prod.conf", "\"\\".repeat(4_000)))).isNotEmpty();
        assertThat(faults(Map.of("prod.conf", "app.labels.k = [\n" + "=\n".repeat(60_000))))
                .containsExactly("environments/prod.conf:1: broken HOCON: [ is not closed");
        assertThat(faults(Map.of("prod.conf", "app.labels.k = " + "${a}".repeat(1_999))))
                .isNotEmpty();
    }

    /** {@return the lines of a chain; # is the number of its link, @ that of the one before} */
    private static String chain(int links, String link) {
        return IntStream.rangeClosed(1, links)
                .mapToObj(i -> link.replace("#", String.valueOf(i)).replace("@", String.valueOf(i - 1)) + "\n")
                .collect(Collectors.joining());
    }

    private static String lines(int count, String line) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> line.replace("#", String.valueOf(i)) + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> faults(Map<String, String> texts) {
        Map<String, byte[]> files = new HashMap<>();
        texts.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        Rendering rendering = new EnvironmentFiles(ConfigSource.of("environments", files))
                .render(TestBundles.PROD, TestContract.read());
        return rendering instanceof Rendering.Invalid invalid
                ? invalid.faults().stream().map(ConfigFault::toString).toList()
                : List.of();
    }
}
