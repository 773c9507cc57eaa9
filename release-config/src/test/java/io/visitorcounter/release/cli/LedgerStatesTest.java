package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.visitorcounter.release.FixtureApp;
import io.visitorcounter.release.Scratch;
import io.visitorcounter.release.ledger.BareRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The states in which a ledger may be found, and what {@code create} says to each: on a machine that never saw this
 *  ledger, and on one that saw its two releases before. */
class LedgerStatesTest {

    private static final List<String> TABLE = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    static Path original;

    @TempDir
    Path folder;

    @BeforeAll
    static void releaseTwice() {
        Path ledger = BareRepository.create(original.resolve("ledger.git"));
        Tool tool = tool(original, ledger);
        for (String greeting : new String[] {"one", "two"}) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev");
        }
    }

    @ParameterizedTest
    @MethodSource("io.visitorcounter.release.cli.LedgerStates#states")
    void everyStateIsReleasedToOrNamed(LedgerStates.State state) throws IOException {
        Path freshLedger = copy("fresh.git");
        Path seenLedger = copy("seen.git");
        Tool fresh = tool(folder.resolve("fresh"), freshLedger);
        Tool seen = tool(folder.resolve("seen"), seenLedger);
        seen.mustRun("history", "dev");

        state.change().accept(freshLedger);
        state.change().accept(seenLedger);

        assertThat(fresh.run("verify", "--all")).as("verify: %s", fresh.err()).isEqualTo(state.verify());
        // What verify just saw, a fresh machine did not.
        Scratch.delete(folder.resolve("fresh/.release"));
        String freshSays = says(fresh, state.fresh());
        String seenSays = says(seen, state.seen());
        TABLE.add(String.format(
                "| %s | %d | %d: %s | %d: %s |",
                state.name(),
                state.verify(),
                state.fresh().code(),
                freshSays,
                state.seen().code(),
                freshSays.equals(seenSays) ? "the same" : seenSays));
    }

    /** The whole table, for whoever runs the tests; also in {@code target/ledger-states.md}. */
    @AfterAll
    static void print() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "| a ledger that is or has | verify --all | create, on a fresh machine | create, where both releases"
                        + " were seen |",
                "|---|---|---|---|"));
        lines.addAll(TABLE);
        Files.write(Files.createDirectories(Path.of("target")).resolve("ledger-states.md"), lines);
        lines.forEach(System.out::println);
        assertThat(TABLE).hasSizeGreaterThanOrEqualTo(25);
    }

    private String says(Tool tool, LedgerStates.Said said) {
        tool.config("dev", "app { greeting = three }");
        int code = tool.run("create", "dev");

        assertThat(code).as(tool.err()).isEqualTo(said.code());
        assertThat(code == 0 ? tool.out() : tool.err()).contains(said.text()).hasLineCount(1);
        assertThat(tool.err()).doesNotContain("secret");
        String told = (code == 0 ? tool.out() : tool.err())
                .strip()
                .replaceAll(" {2}bundle .*", "")
                .replace(folder.toString(), "…");
        if (code == 0) {
            tool.mustRun("history", "dev");
        }
        return told;
    }

    private static Tool tool(Path project, Path ledger) {
        Tool tool = new Tool(project);
        tool.variables().put("RELEASE_LEDGER", ledger.toString());
        tool.variables()
                .put(
                        "RELEASE_APP",
                        FixtureApp.tar(project.resolve("app.tar"), "1").toString());
        tool.config("dev", "app { greeting = one }");
        return tool;
    }

    private Path copy(String name) throws IOException {
        Path target = folder.resolve(name);
        Path source = original.resolve("ledger.git");
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Files.copy(path, target.resolve(source.relativize(path).toString()));
            }
        }
        return target;
    }
}
