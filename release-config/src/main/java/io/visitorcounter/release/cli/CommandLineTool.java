package io.visitorcounter.release.cli;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The command as a whole: arguments in, an exit code out. */
final class CommandLineTool {

    private final Surroundings surroundings;

    CommandLineTool(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    int run(String... arguments) {
        return line(arguments).execute(arguments);
    }

    /** {@return every command with every option} */
    CommandLine whole() {
        ReleaseCommand top = new ReleaseCommand(surroundings);
        return line(top, top.commands());
    }

    // Learning every command's options takes longer than most commands do.
    private CommandLine line(String... arguments) {
        ReleaseCommand top = new ReleaseCommand(surroundings);
        Map<String, Supplier<Object>> commands = top.commands();
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            commands.keySet().retainAll(Set.of(arguments[0]));
        }
        return line(top, commands);
    }

    private CommandLine line(ReleaseCommand top, Map<String, Supplier<Object>> commands) {
        CommandLine line = new CommandLine(top);
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        // After the subcommands are there, as each setting goes to all that are.
        line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, all) -> usage(top, e))
                .setExecutionExceptionHandler((e, command, result) -> failed(top, e));
        line.getCommandSpec().usageMessage().footer(exitCodes());
        return line;
    }

    private static String[] exitCodes() {
        List<String> lines = new ArrayList<>(List.of("", "Exit codes:"));
        lines.addAll(ExitCode.table());
        lines.addAll(List.of("", "release COMMAND --help says more, with examples."));
        return lines.toArray(String[]::new);
    }

    private CommandLine.Help.Ansi ansi() {
        return surroundings.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    }

    private int usage(ReleaseCommand top, CommandLine.ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("") + meant(e);
        return tell(
                top,
                ExitCode.USAGE,
                List.of(command + ": " + Sentences.lowerFirst(message) + "; see " + command + " --help"));
    }

    private static String meant(CommandLine.ParameterException e) {
        return e instanceof CommandLine.UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream()
                        .findFirst()
                        .map(command -> "; did you mean " + command + "?")
                        .orElse("")
                : "";
    }

    private int failed(ReleaseCommand top, Exception e) {
        if (top.debug) {
            e.printStackTrace(surroundings.err());
        }
        if (e instanceof ReleaseException known) {
            return tell(top, ExitCode.of(known), known.faults());
        }
        return tell(
                top,
                ExitCode.BUG,
                List.of("release: a bug of this tool: " + e + "; run it again with --debug and report what it prints"));
    }

    private int tell(ReleaseCommand top, ExitCode code, List<String> faults) {
        if (top.output == OutputForm.JSON) {
            var json = CanonicalJson.object().put("schemaVersion", OutputForm.SCHEMA_VERSION);
            var error = json.putObject("error")
                    .put("exitCode", code.code())
                    .put("code", code.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            var list = error.putArray("faults");
            faults.forEach(list::add);
            surroundings.out().println(CanonicalJson.text(json));
        }
        faults.forEach(fault -> surroundings.err().println(Sentences.oneLine(fault)));
        return code.code();
    }
}
