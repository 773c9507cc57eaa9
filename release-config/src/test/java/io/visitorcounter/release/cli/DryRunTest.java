package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.image.LoopbackRegistry;
import io.visitorcounter.release.image.RegistryImages;
import io.visitorcounter.release.ledger.BareRepository;
import io.visitorcounter.release.trust.TestSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dry run writes nothing: every file is as it was, with its time, whatever was there before. */
class DryRunTest {

    private static final List<String> COMMANDS = List.of(
            "create dev",
            "create test --app other.tar",
            "promote dev test",
            "rollback dev",
            "freeze dev --reason x",
            "unfreeze dev --reason x",
            "repair",
            "repair dev",
            "deploy dev",
            "doctor");

    /** They need a key, and an image in a registry. */
    private static final List<String> SIGNING = List.of("approve prod", "sign dev", "attest APP --sbom SBOM");

    private static final String IMPORT = "import";

    @TempDir
    Path project;

    @Test
    void ofAProjectThatIsNew() throws IOException {
        Tool tool = tool();

        for (String command : List.of("create dev", "freeze dev --reason x", "doctor")) {
            stays(tool, command);
        }
        assertThat(project.resolve(".release")).doesNotExist();
    }

    @Test
    void ofOneWithReleases() throws IOException {
        Tool tool = tool();
        releaseTwice(tool);

        for (String command : COMMANDS) {
            stays(tool, command);
        }
    }

    @Test
    void ofALedgerThatIsReachedByAUrl() throws IOException {
        Tool tool = tool();
        tool.variables().put("RELEASE_LEDGER", "file://" + BareRepository.create(project.resolve("there.git")));
        releaseTwice(tool);
        Tool fresh = tool();
        fresh.variables().put("RELEASE_LEDGER", tool.variables().get("RELEASE_LEDGER"));

        for (String command : COMMANDS) {
            stays(tool, command);
        }
        io.visitorcounter.release.Scratch.delete(project.resolve(".release/ledgers"));
        io.visitorcounter.release.Scratch.delete(project.resolve(".release/seen"));
        stays(fresh, "create dev");
        stays(fresh, "rollback dev");
    }

    @Test
    void ofWhatIsSigned() throws IOException {
        try (LoopbackRegistry registry = new LoopbackRegistry()) {
            Tool tool = tool();
            TestSigner key = TestSigner.make(project.resolve("key"), "ada-2026");
            key.allow(project.resolve("environments"), "ada");
            String app = RegistryImages.push(project.resolve("app.tar"), registry.host() + "/team/app", Map.of());
            tool.variables().put("RELEASE_APP", app);
            tool.config(
                    "prod",
                    "release { promote-from = dev, require-signature-by = [ada], require-approvals = 1,"
                            + " approvers = [ada] }");
            tool.mustRun("create", "dev");
            tool.variables().put("RELEASE_SIGNING_KEY", key.file());
            Path bill = Files.writeString(
                    project.resolve("sbom.json"), "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\"}");
            int writes = registry.writes().size();

            for (String command : SIGNING) {
                int code = stays(tool, command.replace("APP", app).replace("SBOM", bill.toString()));

                assertThat(code).as("%s: %s", command, tool.err()).isZero();
                assertThat(registry.writes()).as(command).hasSize(writes);
            }
        }
    }

    @Test
    void ofAReleaseFromAnotherSite() throws IOException {
        Tool outside = tool();
        outside.mustRun("create", "dev");
        Path file = project.resolve("dev.tar");
        outside.mustRun("export", "dev", file.toString());
        Tool inside = new Tool(Files.createDirectories(project.resolve("inside")));
        inside.config("dev", "app {}");

        inside.run("import", file.toString());
        String ledger = inside.err().replaceFirst("(?s).*from the ledger (sha256:[0-9a-f]*),.*", "$1");
        int code = stays(inside, IMPORT + " " + file + " --trust-ledger " + ledger);

        assertThat(code).as(inside.err()).isZero();
        assertThat(project.resolve("inside/.release")).doesNotExist();
    }

    @Test
    void everyCommandThatHasOneIsHeldToIt() {
        Tool tool = tool();
        Set<String> held = Stream.of(COMMANDS, SIGNING, List.of(IMPORT))
                .flatMap(commands -> commands.stream().map(command -> command.split(" ", -1)[0]))
                .collect(Collectors.toSet());

        assertThat(Commands.names().stream().filter(name -> {
                    tool.mustRun("help", name);
                    return tool.out().contains("--dry-run");
                }))
                .isSubsetOf(held);
    }

    private Tool tool() {
        Tool tool = new Tool(project);
        tool.config("dev", "app { greeting = one }");
        tool.config("test", "app { greeting = one }");
        tool.variables()
                .put(
                        "RELEASE_APP",
                        FixtureApp.tar(project.resolve("app.tar"), "1").toString());
        FixtureApp.tar(project.resolve("other.tar"), "2");
        return tool;
    }

    private static void releaseTwice(Tool tool) {
        for (String greeting : List.of("one", "two", "three")) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev");
        }
        tool.config("dev", "app { greeting = four }");
    }

    private int stays(Tool tool, String command) throws IOException {
        SortedMap<String, String> before = tool.tree();
        String[] words = command.replace(
                        "other.tar", project.resolve("other.tar").toString())
                .concat(command.equals("doctor") ? "" : " --dry-run")
                .split(" ", -1);

        int code = tool.run(words);

        assertThat(tool.err()).as(command).doesNotContain("a bug of this tool");
        assertThat(tool.tree()).as(command).isEqualTo(before);
        return code;
    }
}
