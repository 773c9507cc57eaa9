package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.TamperedLedger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger whose git objects a disk, or somebody past git, has changed, and entries that somebody appended past this
 *  tool. Whatever they hold, a command says what is wrong, and writes nothing where it should not. */
class DamagedLedgerTest {

    private static final List<String> OBJECTS = List.of(
            "refs/heads/releases",
            "refs/heads/releases^",
            "refs/heads/releases^{tree}",
            "refs/heads/releases^^{tree}",
            "refs/heads/releases:head.json",
            "refs/heads/releases:dev",
            "refs/heads/releases:dev/000001/bundle/app.conf");

    @TempDir
    Path project;

    private Tool tool;
    private Path ledger;

    @BeforeEach
    void releaseTwice() {
        tool = new Tool(project);
        ledger = project.resolve(".release/ledger.git");
        Path app = FixtureApp.tar(project.resolve("app.tar"), "1");
        tool.variables().put("RELEASE_APP", app.toString());
        for (String greeting : new String[] {"one", "two"}) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev");
        }
    }

    private record Damage(String name, UnaryOperator<byte[]> change) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> damages() {
        List<Damage> damages = List.of(
                new Damage("another content", object -> deflated(changed(inflated(object)))),
                new Damage("a part", object -> Arrays.copyOf(object, 20)),
                new Damage("nothing", object -> new byte[0]),
                new Damage("a huge size", object -> huge(inflated(object))),
                new Damage("another kind", object -> deflated(bytes("tag 5\0hello"))));
        return OBJECTS.stream().flatMap(object -> damages.stream().map(damage -> Arguments.of(object, damage)));
    }

    @ParameterizedTest(name = "{0} holds {1}")
    @MethodSource("damages")
    void anObjectThatHoldsSomethingElseIsDamage(String object, Damage damage) {
        Path file = file(object);
        byte[] before = read(file);
        write(file, damage.change().apply(before));

        assertThat(tool.run("verify", "--all")).as(tool.err()).isEqualTo(5);
        assertThat(tool.err())
                .containsAnyOf("the repository is damaged: ", "expected at most", "expected a file of at");
        everyLookAnswersOrSaysIt();

        write(file, before);
        tool.mustRun("verify", "--all");
    }

    @ParameterizedTest
    @MethodSource("commits")
    void anEarlierCommitThatIsGoneIsDamage(String commit) throws IOException {
        Files.delete(file(commit));

        assertThat(tool.run("verify", "--all")).as(tool.err()).isEqualTo(5);
        assertThat(tool.err()).contains("the repository is damaged: ");
        everyLookAnswersOrSaysIt();
    }

    static Stream<String> commits() {
        return Stream.of("refs/heads/releases", "refs/heads/releases^");
    }

    private void everyLookAnswersOrSaysIt() {
        for (String line : new String[] {"history dev", "repair", "create dev --dry-run"}) {
            assertThat(tool.run(line.split(" ", -1)))
                    .as("%s: %s", line, tool.err())
                    .isIn(0, 5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.tar", "/outside.tar", "", ".", "..", "a/b.tar", "a\\nb.tar", "a\\u0000.tar"})
    void anImageThatIsCalledLikeAPlaceElsewhereIsReadAndWrittenNowhere(String name) throws IOException {
        LedgerDamage.append(
                ledger,
                text -> text.replaceFirst(
                        "\"name\": \"rel-[^\"]*\"", "\"name\": \"" + name.replace("\\", "\\\\") + "\""));
        List<String> before = files();

        for (String line : new String[] {"verify --all --deep", "repair --dry-run", "repair", "export dev x.tar"}) {
            String[] words =
                    line.replace("x.tar", project.resolve("x.tar").toString()).split(" ", -1);
            assertThat(tool.run(words)).as("%s: %s", line, tool.err()).isEqualTo(5);
            assertThat(tool.err()).contains("expected an image called like a file or like one of a registry");
        }

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void theNameOfTheAppsTarLeadsNowhereElseEither() throws IOException {
        LedgerDamage.append(ledger, text -> text.replaceFirst("\"name\": \"app-[^\"]*\"", "\"name\": \"../app.tar\""));
        List<String> before = files();

        assertThat(tool.run("repair")).as(tool.err()).isEqualTo(5);
        assertThat(tool.err()).contains("expected an image called like a file");
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../x", "dev", "dev/000002", "/etc/passwd", "dev/000002/../000002/entry.json"})
    void aHeadThatNamesNoEntryIsNamed(String path) {
        LedgerDamage.edit(ledger, LedgerDamage.HEAD, text -> text.replace(LedgerDamage.V2, path));

        for (String line : new String[] {"verify --all", "history dev", "rollback dev --dry-run", "repair"}) {
            assertThat(tool.run(line.split(" ", -1)))
                    .as("%s: %s", line, tool.err())
                    .isEqualTo(5);
            assertThat(tool.err()).contains("head.json: path: expected that of an entry, such as");
        }
    }

    @Test
    void aHeadInAnotherFormIsFound() {
        LedgerDamage.edit(ledger, LedgerDamage.HEAD, text -> text.replace("\n", "\r\n"));

        assertThat(tool.run("verify", "--all")).isEqualTo(5);
        assertThat(tool.err()).contains("head.json: is not in the form that this tool writes");
    }

    @Test
    void releasesOnTheBranchOfTheDeploymentsAreFound() {
        LedgerDamage.copyRef(ledger, "refs/heads/deployments");

        assertThat(tool.run("verify", "--all")).isEqualTo(5);
        assertThat(tool.err()).contains(LedgerDamage.V2 + ": belongs on the branch releases, not on deployments");
    }

    @Test
    void whatTheLedgerNoLongerProvesIsNotRepairedInSilence() {
        LedgerDamage.edit(ledger, LedgerDamage.V2, text -> text.replace("Ada", "Eve"));
        LedgerDamage.delete(project.resolve(".release/seen"));

        assertThat(tool.run("repair")).isEqualTo(5);
        assertThat(tool.err()).contains(LedgerDamage.V2 + ": expected sha256:");

        LedgerDamage.edit(ledger, LedgerDamage.V2, text -> "garbage");

        assertThat(tool.run("repair")).isEqualTo(5);
        assertThat(tool.err()).contains(LedgerDamage.V2 + ": expected ").doesNotContain("no such release");
    }

    @Test
    void nothingFollowsTheLastNumberThatThereCanBe() {
        TamperedLedger.change(ledger, files -> {
            String forged = LedgerDamage.text(files, LedgerDamage.V2).replace("\"version\": 2", "\"version\": 999999");
            String path = "dev/999999/entry.json";
            files.put(path, bytes(forged));
            files.put(LedgerDamage.HEAD, bytes(LedgerDamage.head(files, 2, path)));
        });
        LedgerDamage.delete(project.resolve(".release/seen"));
        tool.config("dev", "app { greeting = three }");

        for (String line : new String[] {"create dev", "rollback dev v1"}) {
            assertThat(tool.run(line.split(" ", -1)))
                    .as("%s: %s", line, tool.err())
                    .isEqualTo(8);
            assertThat(tool.err()).contains("dev v999999: is the last version that there can be");
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(project)) {
            return all.filter(file -> !file.startsWith(ledger) && !file.startsWith(project.resolve(".release/seen")))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private Path file(String object) {
        String id = TamperedLedger.id(ledger, object);
        return ledger.resolve("objects/" + id.substring(0, 2) + "/" + id.substring(2));
    }

    // A blob has one more byte, and the others one less.
    private static byte[] changed(byte[] object) {
        int end = 0;
        while (object[end] != 0) {
            end++;
        }
        String kind = new String(object, 0, end, StandardCharsets.US_ASCII).split(" ", -1)[0];
        byte[] content = Arrays.copyOfRange(object, end + 1, object.length + (kind.equals("blob") ? 1 : -1));
        byte[] header = bytes(kind + " " + content.length + "\0");
        byte[] all = Arrays.copyOf(header, header.length + content.length);
        System.arraycopy(content, 0, all, header.length, content.length);
        return all;
    }

    // The header of git's first format: the kind, and seven bits of the size in each byte.
    private static byte[] huge(byte[] object) {
        int kind = object[0] == 'c' ? 1 : object[0] == 't' ? 2 : 3;
        byte[] all = new byte[200];
        Arrays.fill(all, 0, 7, (byte) 0xff);
        all[0] = (byte) (0x8f | kind << 4);
        all[7] = 1;
        return all;
    }

    private static byte[] inflated(byte[] bytes) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            // Git's own objects are read-only.
            Files.deleteIfExists(file);
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
