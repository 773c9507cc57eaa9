package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.ledger.BareRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that only looks answers the same where nothing of the project can be written, and leaves every file and
 *  folder as it was. */
@Timeout(180)
class ReadOnlyDiskIT {

    private static final List<String> LOOKS = List.of(
            "help",
            "version",
            "check dev",
            "check --all",
            "render dev",
            "explain dev greeting",
            "schema",
            "schema dev",
            "show dev",
            "show dev@v1 --output json",
            "history dev",
            "history dev --deployments",
            "status",
            "diff dev",
            "verify dev",
            "verify --all --deep",
            "verify dev --reproduce",
            "create dev --dry-run",
            "create dev --dry-run --output json",
            "promote dev test --dry-run",
            "rollback dev --dry-run",
            "freeze dev --reason x --dry-run",
            "unfreeze dev --reason x --dry-run",
            "repair --dry-run",
            "repair dev --dry-run",
            "completion bash");

    // Root writes everywhere, unless it lacks this right.
    private static final List<String> LIKE_ANYBODY = List.of(
            "setpriv", "--inh-caps=-dac_override,-dac_read_search", "--bounding-set=-dac_override,-dac_read_search");

    @TempDir
    Path folder;

    private Path project;

    @BeforeEach
    void nameTheProject() {
        project = folder.resolve("project");
    }

    @AfterEach
    void makeWritableAgain() throws IOException {
        permit(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "folder", "url", "url that was never read"})
    void everyLookAnswersTheSameAndWritesNothing(String place) throws Exception {
        String app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
        String ledger = place.equals("own")
                ? ""
                : (place.startsWith("url") ? "file://" : "") + BareRepository.create(folder.resolve("project/l.git"));
        Tool tool = new Tool(project);
        tool.variables().put("RELEASE_APP", app);
        if (!ledger.isEmpty()) {
            tool.variables().put("RELEASE_LEDGER", ledger);
        }
        tool.config("test", "app { greeting = one }");
        for (String greeting : List.of("one", "two")) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev");
        }
        tool.config("dev", "app { greeting = three }");
        if (place.equals("url that was never read")) {
            io.visitorcounter.release.Scratch.delete(project.resolve(".release/ledgers"));
            io.visitorcounter.release.Scratch.delete(project.resolve(".release/seen"));
        }
        permit(false);
        SortedMap<String, String> before = tool.tree();

        String answers = answers(ledger, app);

        assertThat(tool.tree()).isEqualTo(before);
        permit(true);
        String expected = ManyLooks.answers(project, ledger, app, LOOKS).entrySet().stream()
                .map(each -> each.getKey() + "\n" + each.getValue() + "\n")
                .collect(Collectors.joining());
        assertThat(answers).isEqualTo(expected).doesNotContain("release: a bug of this tool");
        assertThat(expected.lines().filter(line -> line.matches("[1-9][0-9]*")))
                .as(expected)
                .isEmpty();
    }

    private String answers(String ledger, String app) throws Exception {
        List<String> command = new ArrayList<>();
        if (Files.isWritable(project)) {
            assumeTrue(mayDropRights(), "root without the right to do without rights (CAP_SETPCAP), or no setpriv");
            command.addAll(LIKE_ANYBODY);
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dfile.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                ManyLooks.class.getName(),
                project.toString(),
                ledger,
                app));
        command.addAll(LOOKS);
        Path output = folder.resolve("answers");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private static boolean mayDropRights() throws InterruptedException {
        List<String> command = new ArrayList<>(LIKE_ANYBODY);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void permit(boolean write) throws IOException {
        try (Stream<Path> all = Files.walk(project)) {
            for (Path path : all.toList()) {
                if (Files.isSymbolicLink(path)) {
                    continue;
                }
                Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
                rights.remove(PosixFilePermission.GROUP_WRITE);
                rights.remove(PosixFilePermission.OTHERS_WRITE);
                if (write) {
                    rights.add(PosixFilePermission.OWNER_WRITE);
                } else {
                    rights.remove(PosixFilePermission.OWNER_WRITE);
                }
                Files.setPosixFilePermissions(path, rights);
            }
        }
    }
}
