package io.visitorcounter.release.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HOCON and the contract allow is not refused, and means what HOCON says. */
class GoodConfigTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.queue = 7",
                "app { queue = 7 }",
                "app { queue : 7 }",
                "app\n{\n  queue\n  =\n  7\n}",
                "{ \"app\": { \"queue\": 7 } }",
                "// comment\napp { # comment\n  queue = 7 // comment\n}",
                "app { queue = 7, }",
                "app = { queue = 7 }",
                "app { } \n app { queue = 7 }",
                "\"app\".queue = 7",
                "app.\"queue\" = 7\r\n",
                "\uFEFFapp.queue = 7",
                "app.queue = 07",
                "app = { workers = 2 } { queue = 7 }",
                "app.include = 7",
            })
    void everyNotationGivesTheSame(String text) {
        String prod = text.replace("include", "queue");

        assertThat(TestBundles.of(prod).digest())
                .isEqualTo(TestBundles.of("app.queue = 7").digest());
    }

    @Test
    void theEnvironmentOverridesWhatItIncludesAndAddsToObjects() {
        Bundle bundle = render(
                "prod.conf", "include required(\"base.conf\")\napp { redis.port = 2, queue = ${app.workers} }",
                "base.conf", "app { redis { port = 1, host = base }, workers = 4 }");

        assertThat(bundle.settings())
                .containsEntry("redis.port", "2")
                .containsEntry("redis.host", "\"base\"")
                .containsEntry("queue", "4");
    }

    @Test
    void aBackslashBeforeWhatLooksLikeAnEscapeIsText() {
        Bundle bundle = render("prod.conf", "app.labels.text = \"a\\\\ud800 \\\\udc00b\"");

        assertThat(bundle.settings()).containsEntry("labels.text", "\"a\\\\ud800 \\\\udc00b\"");
    }

    @Test
    void aReferenceSeesTheValueThatHoldsInTheEnd() {
        Bundle bundle = render(
                "prod.conf", "include \"base.conf\"\napp.redis.port = 2",
                "base.conf", "app { redis.port = 1, http.port = ${app.redis.port} }");

        assertThat(bundle.settings()).containsEntry("http.port", "2");
    }

    @Test
    void filesInFoldersCanIncludeOneAnotherAndBeIncludedTwice() {
        Bundle bundle = render(
                "prod.conf", "include \"parts/a.conf\"\ninclude required(file(\"parts/b.conf\"))",
                "parts/a.conf", "include \"shared.conf\"\napp.workers = 4",
                "parts/b.conf", "include \"./shared.conf\"\ninclude \"../top.conf\"",
                "parts/shared.conf", "app.queue = 3",
                "top.conf", "app.redis.port = 5");

        assertThat(bundle.settings())
                .containsEntry("workers", "4")
                .containsEntry("queue", "3")
                .containsEntry("redis.port", "5");
    }

    @Test
    void aFileCanBeIncludedAtAKeyAndItsSecretsStayVariables() {
        Bundle bundle = render(
                "prod.conf", "app { redis { include \"redis.conf\" } }",
                "redis.conf", "host = redis\npassword = ${REDIS_PASSWORD}\nport = 9\n");

        assertThat(bundle.settings())
                .containsEntry("redis.host", "\"redis\"")
                .containsEntry("redis.password", "${REDIS_PASSWORD}")
                .containsEntry("redis.port", "9");
    }

    @Test
    void textsCanBeJoinedFromReferencesAndReachOverLines() {
        Bundle bundle = render("prod.conf", """
                app {
                  redis.host = redis
                  greeting = ${app.redis.host}" at "${app.redis.port} ok
                  redis.port = 12
                  labels.text = \"""one
                two "quoted" \\n\"""
                  labels.list = [a]
                  labels.list += ${app.redis.port}
                }
                """);

        assertThat(bundle.settings())
                .containsEntry("greeting", "\"redis at 12 ok\"")
                .containsEntry("labels.text", "\"one\\ntwo \\\"quoted\\\" \\\\n\"")
                .containsEntry("labels.list", "[\"a\", 12]");
    }

    @Test
    void anEmptyTextIsNoSecretSoAnEnvironmentCanDoWithout() {
        Bundle bundle = render(
                "prod.conf", "include \"base.conf\"\napp.redis.password = \"\"",
                "base.conf", "app.redis.password = ${REDIS_PASSWORD}");

        assertThat(bundle.variables()).isEmpty();
        assertThat(bundle.settings()).containsEntry("redis.password", "\"\"");
    }

    @Test
    void anOptionalReferenceToAKeyOfTheFilesIsFine() {
        Bundle bundle = render("prod.conf", "app { queue = 7, redis.port = ${?app.queue} }");

        assertThat(bundle.settings()).containsEntry("redis.port", "7");
    }

    @Test
    void textBeyondAsciiAndControlCharactersStayWhatTheyAre() {
        Bundle bundle = render("prod.conf", "app.labels.text = \"Grüße 日本 😀 \\u0007 \\u2028 \\\\ \\\" \\t\"");

        assertThat(bundle.settings())
                .containsEntry("labels.text", "\"Grüße 日本 \\ud83d\\ude00 \\u0007 \\u2028 \\\\ \\\" \\t\"");
        assertThat(Bundle.readFrom(bundle.files()).settings()).isEqualTo(bundle.settings());
    }

    @Test
    void aKeyThatSaysAgainWhatItOverridesIsAWarning() {
        Rendering rendering = TestBundles.files(
                        "prod.conf", "include \"base.conf\"\napp.queue = 7",
                        "base.conf", "app.queue = 7")
                .render(TestBundles.PROD, TestContract.read());

        assertThat(((Rendering.Rendered) rendering).warnings())
                .extracting(ConfigFault::toString)
                .containsExactly("environments/prod.conf:2: queue: repeats the value of base.conf:1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            greeting = "${HOME}"          | ${...} in quotes is text; for a reference, write it without the quotes
            motd = "hi "${app.queue}" ${X}" | ${...} in quotes is text; for a reference, write it without the quotes
            greeting = 'Hello'            | the single quotes are part of the value; HOCON has double quotes only
            greeting = "'Hello'"          | the inner quotes are part of the value
            greeting = "\\"Hello\\""      | the inner quotes are part of the value
            redis.port = 06379            | a number with a leading zero is read without it
            redis.host = p#ss             | what follows # or // is a comment; if it belongs to the value, put the value in quotes
            redis.host = a//b             | what follows # or // is a comment; if it belongs to the value, put the value in quotes
            greeting = "Hi\u202e"         | the value contains an invisible character; write it as an escape, such as \\u200B
            redis.host = redis.h\u043est     | \u043e is U+043E, CYRILLIC SMALL LETTER O; it looks like another
            greeting = "call \uff17\uff17"  | \uff17 is U+FF17, FULLWIDTH DIGIT SEVEN; it looks like another
            greeting = "\u0391lpha"        | \u0391 is U+0391, GREEK CAPITAL LETTER ALPHA; it looks like another
            labels."\u0430b" = 1           | \u0430 is U+0430, CYRILLIC SMALL LETTER A; it looks like another
            """)
    void aValueThatIsNotWhatItLooksLikeIsAWarning(String statement, String warning) {
        Rendering rendering = TestBundles.files("prod.conf", "app.queue = 7\napp." + statement)
                .render(TestBundles.PROD, TestContract.read());

        assertThat(((Rendering.Rendered) rendering).warnings())
                .extracting(ConfigFault::text)
                .containsExactly(warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "greeting = \"it's\"",
                "greeting = \"a # b\"",
                "greeting = hi # a comment",
                "redis.port = 0",
                "labels.z = 0.5s",
                "greeting = \"$5\"",
                "greeting = \"日本 é\"",
                "greeting = \"Привет, visitor 2й\"",
                "greeting = \"日本語Java Ωμέγα\"",
            })
    void aValueThatIsWhatItLooksLikeIsNoWarning(String statement) {
        Rendering rendering = TestBundles.files(
                        "prod.conf", "app.queue = 7\napp." + statement.replace("port = 0", "port = 10"))
                .render(TestBundles.PROD, TestContract.read());

        assertThat(((Rendering.Rendered) rendering).warnings()).isEmpty();
    }

    @Test
    void aFileThatIsNamedAsNoEnvironmentCanBeIsAWarning() {
        Rendering rendering = TestBundles.files(
                        "prod.conf", "include \"Used.conf\"",
                        "Used.conf", "",
                        "Staging.conf", "",
                        "base.conf", "")
                .render(TestBundles.PROD, TestContract.read());

        assertThat(((Rendering.Rendered) rendering).warnings())
                .extracting(ConfigFault::toString)
                .containsExactly("environments/Staging.conf: not an environment: a name is 1..31 of a-z 0-9 -, a letter"
                        + " first and no - last; files to include belong in a folder within");
    }

    @Test
    void whatSteersATerminalOrReversesTextIsShownAsAnEscape() {
        Rendering rendering = TestBundles.files(
                        "prod.conf", "app { queue = 7, motd = \"a\u202eb\" }",
                        "\u001b[31mx\n.conf", "")
                .render(TestBundles.PROD, TestContract.read());
        Rendering.Rendered rendered = (Rendering.Rendered) rendering;

        assertThat(rendered.warnings())
                .extracting(ConfigFault::file)
                .containsExactlyInAnyOrder("environments/\\u001B[31mx\\u000A.conf", "environments/prod.conf");
        assertThat(rendered.bundle().settings()).containsEntry("motd", "\"a\\u202Eb\"");
        assertThat(TestBundles.of("app.motd = \"a\u3164b\"").settings())
                .as("a letter that fonts draw as nothing")
                .containsEntry("motd", "\"a\\u3164b\"");
        assertThat(TestBundles.files("prod.conf", "app.motd = \"a\u202eb\"")
                        .read(TestBundles.PROD)
                        .explain(TestContract.read(), "motd")
                        .toString())
                .doesNotContain("\u202e");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        EnvironmentFiles files = new EnvironmentFiles(folder.resolve("nowhere"));

        assertThatThrownBy(files::environments)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("nowhere: expected a folder, got none");
    }

    @Test
    void anEnvironmentThatHasNoFileIsNamedWithThoseThatHave() {
        EnvironmentFiles files = TestBundles.files("dev.conf", "", "prod.conf", "");

        assertThatThrownBy(() -> files.render(new Environment("staging"), TestContract.read()))
                .isInstanceOf(ReleaseException.NotFound.class)
                .hasMessage("environments: staging: no such environment; there are dev, prod");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            base | base.conf dev.conf | environments: base: no such environment: base.conf is what the files of environments include; there are dev
            base | base.conf          | environments: base: no such environment: base.conf is what the files of environments include; there are none
            prod | Prod.conf dev.conf | environments: prod: no such environment; rename environments/Prod.conf to prod.conf
            prod | Prod.conf          | environments: prod: no such environment; rename environments/Prod.conf to prod.conf
            prod | README.md          | environments: prod: no such environment; there are none, so write environments/prod.conf
            """)
    void anEnvironmentThatHasNoFileIsToldWhatIsThere(String asked, String files, String message) {
        String[] namesAndTexts =
                Stream.of(files.split(" ")).flatMap(name -> Stream.of(name, "")).toArray(String[]::new);

        assertThatThrownBy(() -> TestBundles.files(namesAndTexts).render(new Environment(asked), TestContract.read()))
                .isInstanceOf(ReleaseException.NotFound.class)
                .hasMessage(message);
    }

    @Test
    void aLinkWithinTheFolderIsFollowed() throws IOException {
        Files.createDirectory(folder.resolve("parts"));
        Files.writeString(folder.resolve("parts/real.conf"), "app.queue = 7");
        Files.createSymbolicLink(folder.resolve("prod.conf"), Path.of("parts/real.conf"));

        Rendering rendering = new EnvironmentFiles(folder).render(TestBundles.PROD, TestContract.read());

        assertThat(TestBundles.bundle(rendering).settings()).containsEntry("queue", "7");
    }

    @Test
    void aFolderAndTheSameFilesInMemoryGiveTheSame() throws IOException {
        String prod = "include \"parts/base.conf\"\napp.queue = 7";
        Files.createDirectory(folder.resolve("parts"));
        Files.writeString(folder.resolve("prod.conf"), prod);
        Files.writeString(folder.resolve("parts/base.conf"), "app.workers = 4");

        Rendering fromFolder = new EnvironmentFiles(folder).render(TestBundles.PROD, TestContract.read());
        Bundle fromMemory = render("prod.conf", prod, "parts/base.conf", "app.workers = 4");

        assertThat(TestBundles.bundle(fromFolder).digest()).isEqualTo(fromMemory.digest());
    }

    @Test
    void thePolicyIsReadAlone() {
        EnvironmentFiles files = TestBundles.files(
                "prod.conf", "app.quue = x\nrelease { promote-from = test, confirm = true }",
                "test.conf", "app {}");

        EnvironmentConfig found = files.read(TestBundles.PROD);

        assertThat(found.policy().promoteFrom())
                .hasValueSatisfying(from -> assertThat(from).hasToString("test"));
        assertThat(found.policy().confirm()).isTrue();
        assertThat(found.policy().requireClean()).isFalse();
        assertThat(found.faults()).isEmpty();
    }

    @Test
    void sharedPiecesAreNoEnvironments() {
        EnvironmentFiles files = new EnvironmentFiles(ConfigSource.of(
                "environments",
                Map.of(
                        "base.conf", bytes(""),
                        "prod.conf", bytes(""),
                        "eu-1.conf", bytes(""),
                        "README.md", bytes(""),
                        "parts/dev.conf", bytes(""))));

        assertThat(files.environments()).extracting(Object::toString).containsExactly("eu-1", "prod");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Bundle render(String... namesAndTexts) {
        return TestBundles.bundle(TestBundles.files(namesAndTexts).render(TestBundles.PROD, TestContract.read()));
    }
}
