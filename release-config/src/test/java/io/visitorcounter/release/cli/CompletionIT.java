package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.visitorcounter.release.FixtureApp;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tab key offers in the shells themselves: in bash by its own function, in zsh at its own command line behind a
 *  pseudo terminal, in fish by its own {@code complete -C}. */
@Timeout(240)
class CompletionIT {

    /** What is typed, and what is offered, in this order; each shell may show it in its own. */
    private static final Map<String, List<String>> TYPED = Map.ofEntries(
            Map.entry("release sta", List.of("status")),
            Map.entry("release create ", List.of("dev", "test")),
            Map.entry("release show dev@v", List.of("dev@v2", "dev@v1")),
            Map.entry("release rollback dev v", List.of("v2", "v1")),
            Map.entry("release status --output j", List.of("json", "jsonl")),
            Map.entry("release status --output=j", List.of("--output=json", "--output=jsonl")),
            Map.entry("release manifest dev --format ", List.of("kubernetes", "compose", "swarm")),
            Map.entry("release run dev --engine ", List.of("jvm", "docker", "podman")),
            Map.entry("release freeze dev --rea", List.of("--reason")),
            Map.entry("release completion ", List.of("bash", "zsh", "fish")),
            Map.entry("release create dev --app some", List.of("some.tar")),
            Map.entry("release create dev --app=some", List.of("--app=some.tar")),
            Map.entry("release create dev --reason ", List.of()),
            Map.entry("true; NAME=x release sta", List.of("status")));

    @TempDir
    Path folder;

    private Path project;

    @BeforeEach
    void release() throws IOException {
        project = folder.resolve("project");
        Tool tool = new Tool(project);
        String app = FixtureApp.tar(folder.resolve("app.tar"), "1").toString();
        tool.config("test", "app { greeting = one }");
        for (String greeting : List.of("one", "two")) {
            tool.config("dev", "app { greeting = " + greeting + " }");
            tool.mustRun("create", "dev", "--app", app);
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        script("bin/release", """
            #!/bin/sh
            exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp '%s' %s "$@"
            """.formatted(java, System.getProperty("java.class.path"), Main.class.getName()));
        Files.createFile(project.resolve("some.tar"));
        for (CompletionCommand.Shell shell : CompletionCommand.Shell.values()) {
            String name = ValueReader.word(shell);
            tool.mustRun("completion", name);
            Files.writeString(folder.resolve("release." + name), tool.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theTabKeyOffersWhatFits(String shell) throws Exception {
        boolean there = isThere(shell);
        if ("required".equals(System.getenv("TEST_SHELLS"))) {
            assertThat(there).as(shell + "; apt-get install " + shell).isTrue();
        }
        assumeTrue(there, "no " + shell + " on the PATH; install it (Debian: apt-get install " + shell + ")");

        for (Map.Entry<String, List<String>> each : TYPED.entrySet()) {
            List<String> offered = switch (shell) {
                case "bash" -> bash(each.getKey());
                case "zsh" -> zsh(each.getKey());
                default -> fish(each.getKey());
            };
            assertThat(offered).as(each.getKey()).containsExactlyInAnyOrderElementsOf(each.getValue());
        }
    }

    // Readline calls the function so, then takes away what stood before the last = or @, and offers files if told to.
    private List<String> bash(String line) throws Exception {
        String typed = line.replaceFirst("^true; NAME=x ", "");
        Path script = script("ask.bash", """
            compopt() { [ "$1 $2" != '+o default' ] || files=no; }
            source '%s'
            COMP_LINE=$1 COMP_POINT=${#1} files=yes
            _release release
            if [ ${#COMPREPLY[@]} -gt 0 ]; then printf '%%s\\n' "${COMPREPLY[@]}"
            elif [ $files = yes ]; then compgen -f -- "${1##*[ =]}"; fi
            """.formatted(folder.resolve("release.bash")));
        String word = typed.substring(typed.lastIndexOf(' ') + 1);
        String head = word.substring(0, Math.max(word.lastIndexOf('='), word.lastIndexOf('@')) + 1);
        return lines(List.of("bash", "--norc", "--noprofile", script.toString(), typed)).stream()
                .map(each -> head + each)
                .toList();
    }

    // A zsh at a terminal of its own, whose compadd says what it was given that fits.
    private List<String> zsh(String line) throws Exception {
        Path script = script("ask.zsh", """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source '%s'; source '%s'"
            zpty -r -m shell line '*READY*'
            zpty -w -n shell "$1"$'\\t'
            zpty -r -m shell line '*BEGIN*END*'
            line=${line#*BEGIN}
            print -r -- ${line%%%%END*}
            zpty -d shell
            """.formatted(folder.resolve("release.zsh"), script("inner.zsh", """
                    compadd() {
                        local -a fit
                        builtin compadd -O fit "$@"
                        offered+=(${fit/#/$IPREFIX})
                        builtin compadd "$@"
                    }
                    show() {
                        typeset -gaU offered=()
                        _main_complete
                        # Begin and end are put together here, as the terminal shows what is typed too.
                        print -r -- "BE""GIN"
                        print -rl -- $offered
                        print -r -- "E""ND"
                        compstate[insert]=
                        compstate[list]=
                    }
                    zle -C show complete-word show
                    bindkey '^I' show
                    print -r -- "REA""DY"
                    """)));
        return lines(List.of("zsh", "-f", script.toString(), line));
    }

    private List<String> fish(String line) throws Exception {
        Path script = script("ask.fish", """
            source '%s'
            complete -C "$argv[1]"
            """.formatted(folder.resolve("release.fish")));
        return lines(List.of("fish", "--no-config", script.toString(), line)).stream()
                .map(each -> each.replaceFirst("\\t.*", ""))
                .toList();
    }

    private List<String> lines(List<String> command) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"),
                        "RELEASE_PROJECT",
                        project.toString(),
                        "HOME",
                        folder.toString(),
                        "XDG_CONFIG_HOME",
                        folder.toString(),
                        "TERM",
                        "dumb",
                        "LC_ALL",
                        "C.UTF-8"));
        Process process = builder.start();
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as("%s: %s", command, text).isTrue();
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }
}
