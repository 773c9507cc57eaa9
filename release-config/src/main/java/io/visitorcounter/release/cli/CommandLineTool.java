package io.visitorcounter.release.cli;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** The command as a whole: arguments in, an exit code out. */
final class CommandLineTool {

    private final ProcessContext context;

    CommandLineTool(ProcessContext context) {
        this.context = context;
    }

    int run(String... arguments) {
        ReleaseCommand top = new ReleaseCommand(context);
        CommandLine line = line(top, needed(arguments));
        try {
            CommandLine.ParseResult parsed = line.parseArgs(arguments);
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : command(parsed).run();
        } catch (CommandLine.ParameterException e) {
            return usage(top, e);
        } catch (RuntimeException e) {
            return failed(top, e);
        }
    }

    /** {@return every command with every option} */
    CommandLine whole() {
        return line(new ReleaseCommand(context), ReleaseCommand.COMMANDS);
    }

    // Learning every command's options takes longer than most commands do.
    private static List<String> needed(String... arguments) {
        return arguments.length > 0 && ReleaseCommand.COMMANDS.contains(arguments[0])
                ? List.of(arguments[0])
                : ReleaseCommand.COMMANDS;
    }

    private CommandLine line(ReleaseCommand top, List<String> commands) {
        CommandLine line = new CommandLine(top.spec());
        for (String name : commands) {
            line.addSubcommand(name, top.command(name).spec());
        }
        // After the subcommands are there, as each setting goes to all that are.
        return line.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static Command command(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult called = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        return (Command) called.commandSpec().userObject();
    }

    private CommandLine.Help.Ansi ansi() {
        return context.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
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

    private int failed(ReleaseCommand top, RuntimeException e) {
        if (top.isDebug()) {
            e.printStackTrace(context.err());
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
        if (top.isJson()) {
            var json = CanonicalJson.object().put("schemaVersion", OutputForm.SCHEMA_VERSION);
            var error = json.putObject("error").put("exitCode", code.code()).put("code", code.word());
            var list = error.putArray("faults");
            faults.forEach(list::add);
            context.out().println(CanonicalJson.text(json));
        }
        faults.forEach(fault -> context.err().println(Sentences.oneLine(fault)));
        return code.code();
    }
}
