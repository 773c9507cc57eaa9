package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.BareRepository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as people type it, and what they are told. */
class TypedByPeopleTest {

    @TempDir
    Path project;

    private Tool tool;

    @BeforeEach
    void setUp() {
        tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = one }");
    }

    private void releaseThrice() {
        String app = FixtureApp.tar(
                        project.resolve("app.tar"),
                        "1",
                        java.util.Optional.of(FixtureApp.CONTRACT),
                        image -> image.addLabel("org.opencontainers.image.revision", "a".repeat(40)))
                .toString();
        for (String greeting : List.of("one", "two", "three")) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev", "--app", app);
        }
    }

    @Test
    void helpAndVersionAreThereAsInOtherCommands() {
        tool.mustRun("--help");
        String help = tool.out();
        tool.mustRun("help");
        assertThat(tool.out()).isEqualTo(help);
        tool.mustRun("create", "--help");
        String create = tool.out();
        tool.mustRun("help", "create");
        assertThat(tool.out()).isEqualTo(create).contains("--app=IMAGE");
        for (String version : List.of("version", "-v", "-V", "--version")) {
            tool.mustRun(version);
            assertThat(tool.out()).startsWith("release ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nosuch --help | release: no such command: \"nosuch\"; see release help",
                "help nosuch | release: no such command: \"nosuch\"; see release help",
                "show dev:v1 | release show: environment: expected 1..31 of a-z 0-9 -, a letter first and no - last, got \"dev:v1\"; did you mean dev@v1?; see release help show",
                "show Dev@V01 | release show: release: expected a form like prod@v12, got \"Dev@V01\"; did you mean dev@v1?; see release help show",
                "show dev/1 | release show: environment: expected 1..31 of a-z 0-9 -, a letter first and no - last, got \"dev/1\"; did you mean dev@v1?; see release help show",
                "show DEV | release show: environment: expected 1..31 of a-z 0-9 -, a letter first and no - last, got \"DEV\"; did you mean dev?; see release help show",
                "show dev v01 | release show: release: expected a form like v12, got \"v01\"; did you mean v1?; see release help show",
                "show dev V1 | release show: release: expected a form like v12, got \"V1\"; did you mean v1?; see release help show",
                "show dev v0 | release show: release: expected a form like v12, got \"v0\"; see release help show",
                "hstory dev | release: no such command: \"hstory\"; did you mean history?; see release help",
                "create | release create: expected ENV, got none; see release help create",
                "create dev x | release create: an argument too many: \"x\"; see release help create",
                "create dev --ap x | release create: unknown option --ap; did you mean --app?; see release help create",
                "create dev -- --app | release create: an argument too many: \"--app\"; see release help create",
                "create dev --app | release create: expected --app IMAGE, got none; see release help create",
                "create dev --app a --app b | release create: --app: given twice; see release help create",
                "history dev --limit x"
                        + " | release history: --limit: expected a whole number, got \"x\"; see release help history",
                "status --output xml | release status: --output: expected text or json or jsonl, got \"xml\"; see"
                        + " release help status",
                "freeze dev | release freeze: expected --reason TEXT, got none; see release help freeze",
                "freeze dev --reason '' | --reason: expected a reason, got none",
                "freeze dev --reason '  ' | --reason: expected a reason, got blanks",
                "show d\u0435v | release show: environment: expected 1..31 of a-z 0-9 -, a letter first and no - last,"
                        + " got \"d\u0435v\" (\u0435 is U+0435, CYRILLIC SMALL LETTER IE); see release help show",
                "show dev@v\uff11 | release show: release: expected a form like prod@v12, got \"dev@v\uff11\""
                        + " (\uff11 is U+FF11, FULLWIDTH DIGIT ONE); see release help show",
                "promote | release promote: expected [FROM[@vN]], got none; see release help promote",
                "create dev \u2014dry-run | release create: an argument too many: \"\u2014dry-run\" (\u2014 is U+2014,"
                        + " EM DASH); see release help create",
                "create dev --\u0430pp x | release create: unknown option --\u0430pp (\u0430 is U+0430, CYRILLIC SMALL"
                        + " LETTER A); see release help create",
                "st\u0430tus | release: no such command: \"st\u0430tus\" (\u0430 is U+0430, CYRILLIC SMALL LETTER A);"
                        + " did you mean status?; see release help",
                "status --output js\u03bfn | release status: --output: expected text or json or jsonl, got"
                        + " \"js\u03bfn\" (\u03bf is U+03BF, GREEK SMALL LETTER OMICRON); see release help status",
                "create dev --app app.tar --images https://bob:s3cr3t@host/name | --images: expected a folder, or a"
                        + " registry's host/name without https://, got https://bob:***@host/name",
                "status --debug=no | release status: --debug: takes no value; see release help status",
                "manifest dev --drain x | release manifest: --drain: expected a whole number, got \"x\"; see release"
                        + " help manifest",
                "show dev@v1 v2 | dev: expected one version, got v1 and v2",
                "diff dev@v1 test@v2 | expected two releases of dev, got one of test",
            })
    void aMistakeIsToldInTheToolsOwnWords(String typed, String told) {
        String[] words = List.of(typed.split(" (?=(?:[^']*'[^']*')*[^']*$)", -1)).stream()
                .map(word -> word.replace("'", ""))
                .toArray(String[]::new);

        assertThat(tool.run(words)).as(typed).isEqualTo(2);

        assertThat(tool.err()).isEqualTo(told + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze dev", "create dev --app app.tar", "promote dev test", "rollback dev"})
    void aReasonHasABound(String typed) {
        List<String> words = new ArrayList<>(List.of(typed.split(" ", -1)));
        words.addAll(List.of("--reason", "ü".repeat(ReasonOption.MAX_CHARACTERS + 1)));

        assertThat(tool.run(words.toArray(String[]::new))).isEqualTo(2);

        assertThat(tool.err())
                .isEqualTo(
                        "--reason: expected at most 1000 characters, got 1001; write where the rest is to be read\n");
        tool.mustRun("freeze", "dev", "--reason", "ü".repeat(ReasonOption.MAX_CHARACTERS));
    }

    @Test
    void aReleaseIsNamedInOneWordOrTwoEverywhere() {
        releaseThrice();

        for (String command : List.of("show", "verify")) {
            tool.mustRun(command, "dev@v2");
            String out = tool.out();
            tool.mustRun(command, "dev", "v2");
            assertThat(tool.out()).isEqualTo(out);
        }
        tool.mustRun("diff", "dev@v1", "v2");
        String diff = tool.out();
        tool.mustRun("diff", "dev", "v1", "v2");
        assertThat(tool.out()).isEqualTo(diff).contains("dev v1 → dev v2");
        tool.mustRun("promote", "dev", "v2", "test", "--dry-run");
        assertThat(tool.out()).contains("promoted from dev v2");
        tool.mustRun("rollback", "dev@v1");
        assertThat(tool.out()).contains("rolled-back from dev v1");
        assertThat(tool.err()).startsWith("run      release run dev@v4\n");
    }

    @Test
    void anArgumentThatBeginsWithAnAtIsThatAndNoFile() throws IOException {
        Files.writeString(project.resolve("ops"), "secret");

        tool.mustRun("freeze", "dev", "--reason", "@" + project.resolve("ops"), "--dry-run");

        assertThat(tool.out()).contains("\"why\": \"@").doesNotContain("secret");
    }

    @Test
    void theCommitOfTheSourceIsShown() {
        releaseThrice();

        tool.mustRun("show", "dev");
        assertThat(tool.out()).contains("source    " + "a".repeat(40));
        for (String command : List.of("history dev", "status")) {
            tool.mustRun(command.split(" ", -1));
            assertThat(tool.out()).contains("SOURCE").contains("aaaaaaaaaaaa ");
        }
        tool.mustRun(
                "create",
                "dev",
                "--app",
                FixtureApp.tar(
                                project.resolve("b.tar"),
                                "2",
                                java.util.Optional.of(FixtureApp.CONTRACT),
                                image -> image.addLabel("org.opencontainers.image.revision", "b".repeat(40)))
                        .toString());
        tool.mustRun("diff", "dev");
        assertThat(tool.out()).contains("  ~ source: aaaaaaaaaaaa..bbbbbbbbbbbb\n");
    }

    @Test
    void noPasswordOfAUrlIsPrinted() {
        for (String command : List.of("history dev", "doctor", "doctor --output json")) {
            int code = tool.run((command + " --ledger https://bob:s3cr3t@127.0.0.1:1/l.git").split(" ", -1));

            assertThat(code).isEqualTo(7);
            assertThat(tool.out() + tool.err())
                    .contains("https://bob:***@127.0.0.1:1/l.git")
                    .doesNotContain("s3cr3t");
        }
    }

    @Test
    void noPasswordIsPrintedForWhoDebugsEither() {
        for (String url : List.of(
                "https://bob:s3cr3t@127.0.0.1:1/l.git", "http://bob:s3cr3t@no such host/l.git", "bob:s3cr3t@h:l.git")) {
            for (String command : List.of("history dev", "doctor", "create dev --app x.tar", "status --running")) {
                List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
                words.addAll(List.of("--debug", "--output", "json", "--ledger", url));
                int code = tool.run(words.toArray(String[]::new));

                assertThat(code).as("%s %s", command, url).isNotZero();
                assertThat(tool.out() + tool.err()).doesNotContain("s3cr3t").doesNotContain("a bug of this tool");
            }
        }
    }

    @Test
    void noSentenceIsTheParsersOwn() {
        for (String command : Commands.names()) {
            for (String typed : List.of(
                    "--dry-run=x",
                    "--all=x",
                    "--limit",
                    "--limit=x",
                    "--limit=",
                    "--output",
                    "--output=",
                    "--nosuch=x",
                    "-x",
                    "a b c d e",
                    "-- --x y z",
                    "--help=x",
                    "--version=1",
                    "--debug=no",
                    "--memory=x",
                    "--engine-arg",
                    "@x",
                    "--reason",
                    "--output json --output text",
                    "--=",
                    "-",
                    "---",
                    "")) {
                List<String> words = new ArrayList<>(List.of(command));
                words.addAll(List.of(typed.split(" ", -1)));

                int code = tool.run(words.toArray(String[]::new));

                assertThat(tool.err())
                        .as("%s %s", command, typed)
                        .doesNotContain("a bug of this tool")
                        .doesNotContainPattern(
                                "(?i)parameter|positional|index|invalid value|should be|option '|options:|not a"
                                        + " boolean|unmatched");
                if (code == 2) {
                    assertThat(tool.err()).as("%s %s", command, typed).hasLineCount(1);
                }
            }
        }
    }

    @Test
    void whatOthersWroteSteersNoTerminal() throws IOException {
        String bidi = "\u202egnorw\u202c";
        String app = FixtureApp.tar(project.resolve("app.tar"), "1").toString();
        tool.variables().put("RELEASE_USER", "Eve" + bidi + "\u3164");
        tool.config("dev", "app { greeting = one }");
        tool.mustRun("create", "dev", "--app", app, "--reason", "because" + bidi + "\u001b[31m");
        tool.mustRun("freeze", "dev", "--reason", bidi);
        Files.writeString(project.resolve("environments/" + "x" + bidi + ".conf"), "app {}\n");

        for (String command : List.of(
                "history dev",
                "show dev",
                "status",
                "verify --all",
                "doctor",
                "check --all --app " + app,
                "diff dev",
                "create dev --app nosuch" + bidi,
                "show " + bidi,
                bidi,
                "--" + bidi,
                "create dev --ledger x" + bidi,
                "explain dev " + bidi,
                "render dev --environments x" + bidi)) {
            for (String form : List.of("text", "json")) {
                List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
                words.addAll(List.of("--output", form));
                tool.run(words.toArray(String[]::new));

                assertThat((tool.out() + tool.err()).replace("\n", ""))
                        .as("%s --output %s", command, form)
                        .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\u3164]");
            }
        }
    }

    @Test
    void onATerminalTheDifferenceIsColouredAndReadable() {
        releaseThrice();
        tool.variables().put("RELEASE_TERMINAL", "1");
        tool.variables().put("RELEASE_ERR_TERMINAL", "1");

        tool.mustRun("diff", "dev");
        assertThat(tool.out()).contains("\u001b[33m~ greeting: \"two\" \u2192 \"three\"\u001b[0m");
        tool.mustRun("promote", "dev", "test");
        assertThat(tool.err()).doesNotContain("\\u001b");
        tool.config("test", "app { greeting = other }");
        tool.mustRun("promote", "dev", "test");
        assertThat(tool.err()).contains("\u001b[33m~ greeting: ").doesNotContain("\\u001b");
    }

    @Test
    void aResultThatCantBeWrittenIsNoSuccess() {
        tool.mustRun("freeze", "dev", "--reason", "x");
        PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();

        int code = new CommandLineTool(new ProcessContext(
                        tool.variables(),
                        Clock.systemUTC(),
                        new ByteArrayInputStream(new byte[0]),
                        full,
                        new PrintStream(err, true, StandardCharsets.UTF_8)))
                .run("status");

        assertThat(code).isEqualTo(7);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the result can't be written")
                .hasLineCount(1);
    }

    @Test
    void whatIsBeingTypedIsCompleted() {
        releaseThrice();

        assertThat(completed("release sta")).containsExactly("status");
        assertThat(completed("release create ")).containsExactly("dev", "test");
        assertThat(completed("release show dev@")).containsExactly("dev@v3", "dev@v2", "dev@v1");
        assertThat(completed("release rollback dev v")).containsExactly("v3", "v2", "v1");
        assertThat(completed("release manifest dev --format ")).containsExactly("kubernetes", "compose", "swarm");
        assertThat(completed("release status --output j")).containsExactly("json", "jsonl");
        assertThat(completed("release status --output=j")).containsExactly("--output=json", "--output=jsonl");
        assertThat(completed("release run dev --engine ")).containsExactly("jvm", "docker", "podman");
        assertThat(completed("release freeze dev --rea")).containsExactly("--reason");
        assertThat(completed("release completion ")).containsExactly("bash", "zsh", "fish");
        assertThat(completed("release help verif")).containsExactly("verify");
        assertThat(completed("release help verify")).containsExactly("verify");
        assertThat(completed("release explain dev gr")).containsExactly("greeting");
        assertThat(completed("release create dev --confirm ")).containsExactly("dev", "test");
        assertThat(completed("release --output json sta")).containsExactly("status");
        assertThat(completed("release --output json status --exit")).containsExactly("--exit-code");
        for (String file : List.of("create dev --app ", "create dev --app=x", "--ledger ", "render dev --to ")) {
            assertThat(completed("release " + file)).containsExactly(":files");
        }
        for (String other :
                List.of("create dev --reason ", "create dev ", "history dev --limit ", "nosuch ", "show x@")) {
            assertThat(completed("release " + other)).as(other).isEmpty();
        }
        for (String shell : List.of("bash", "zsh", "fish")) {
            tool.mustRun("completion", shell);
            assertThat(tool.out()).contains("complete-words");
        }
    }

    @Test
    void aBuildThatIsNotThereLeavesNothingToComplete() {
        releaseThrice();
        tool.variables().put("RELEASE_APP", "target/jib-image.json");

        assertThat(completed("release explain dev gr")).isEmpty();
        assertThat(tool.err()).isEmpty();
    }

    private List<String> completed(String line) {
        tool.mustRun("complete-words", line);
        return tool.out().lines().toList();
    }

    @Test
    void twoLedgersOfOneRelativePathAreTwo() {
        Path one = BareRepository.create(project.resolve("one/l.git"));
        Path other = BareRepository.create(project.resolve("other/l.git"));
        releaseThrice();
        String app = project.resolve("app.tar").toString();
        Path link = project.resolve("link.git");
        for (Path ledger : List.of(one, other)) {
            try {
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, ledger);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            if (ledger.equals(one)) {
                tool.mustRun("create", "dev", "--app", app, "--ledger", link.toString());
            }
            tool.mustRun("create", "test", "--app", app, "--ledger", link.toString());
        }
    }
}
