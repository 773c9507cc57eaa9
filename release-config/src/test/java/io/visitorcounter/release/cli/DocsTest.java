package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds what the docs say of the tool to the tool, and the docs' links to what there is. */
class DocsTest {

    private static final Path PROJECT = Path.of("..");

    @Test
    void theTableOfExitCodesIsTheTools() throws IOException {
        List<String> rows = ExitCode.table().stream()
                .map(each -> each.strip().replaceFirst("  +", " | "))
                .map(row -> "| " + row + " |")
                .toList();

        assertThat(after("exit codes").filter(line -> line.startsWith("|")).skip(2))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void everyVariableThatTheToolReadsIsInTheTable() throws IOException {
        Set<String> read = new TreeSet<>(Set.of("JAVA_HOME", "XDG_CACHE_HOME"));
        String code = sources() + Files.readString(PROJECT.resolve("release-config/bin/release"));
        Pattern.compile("\\b(RELEASE_[A-Z_]+[A-Z]|NO_COLOR)\\b")
                .matcher(code)
                .results()
                .map(MatchResult::group)
                .forEach(read::add);
        // What bin/release tells the tool, and what a release tells the app.
        read.removeAll(Set.of(
                "RELEASE_TERMINAL",
                "RELEASE_ERR_TERMINAL",
                "RELEASE_PERSON",
                "RELEASE_APP_DIGEST",
                "RELEASE_BUNDLE_DIGEST",
                "RELEASE_CONTRACT_DIGEST"));

        Set<String> said = after("variables")
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Pattern.compile("`([A-Z_]+)`")
                        .matcher(line.split("\\|", -1)[1])
                        .results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(said).isEqualTo(read);
    }

    @Test
    void everyLineOfTheCheatsheetIsUnderstood() throws IOException {
        List<String> lines =
                after("cheatsheet").filter(line -> line.startsWith("release ")).toList();

        Set<String> commands = new TreeSet<>();
        for (String line : lines) {
            List<String> words = words(line.replaceFirst(" +#.*", ""))
                    .subList(1, words(line.replaceFirst(" +#.*", "")).size());
            assertThat(tool().parseArgs(words.toArray(String[]::new)).hasSubcommand())
                    .as(line)
                    .isTrue();
            commands.add(words.get(0));
        }

        Set<String> all = new TreeSet<>(tool().getSubcommands().keySet());
        all.removeAll(Set.of("completion", "render", "help"));
        assertThat(commands).as("commands in the cheatsheet of docs/release.md").isEqualTo(all);
    }

    @Test
    void everyLinkOfTheDocsLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int followed = 0;
        for (Path page : pages()) {
            for (MatchResult link : Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)]*))?\\)")
                    .matcher(Files.readString(page))
                    .results()
                    .toList()) {
                if (link.group(1).startsWith("http")) {
                    continue;
                }
                Path target = link.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(link.group(1)).normalize();
                followed++;
                if (!Files.exists(target)
                        || (link.group(2) != null && !headings(target).contains(link.group(2)))) {
                    broken.add(page + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(followed).isGreaterThan(20);
    }

    @Test
    void theReadmeFitsTwoScreens() throws IOException {
        assertThat(Files.readAllLines(PROJECT.resolve("README.md"))).hasSizeLessThanOrEqualTo(120);
    }

    /** {@return the lines of docs/release.md from a mark to the next heading} */
    private static Stream<String> after(String mark) throws IOException {
        String page = Files.readString(PROJECT.resolve("docs/release.md"));
        String rest = page.substring(page.indexOf("<!-- checked: " + mark + " -->\n") + mark.length() + 18);
        assertThat(page).contains("<!-- checked: " + mark + " -->");
        return rest.lines().takeWhile(line -> !line.startsWith("## "));
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("\"[^\"\\n]*\"")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(found -> all.append(found.group()));
            }
            return all.toString();
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(PROJECT);
                Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
            return Stream.concat(root, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** {@return the anchors that GitHub gives a page's headings} */
    private static List<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> words(String command) {
        return Pattern.compile("'([^']*)'|[^\\s']+")
                .matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .toList();
    }

    /** The line with every command and option, to be looked at rather than run. */
    private static picocli.CommandLine tool() {
        ReleaseCommand top = new ReleaseCommand();
        new GlobalOptions(top);
        picocli.CommandLine line = new picocli.CommandLine(top.spec());
        Commands.names()
                .forEach(name -> line.addSubcommand(name, Commands.create(name).spec()));
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }
}
