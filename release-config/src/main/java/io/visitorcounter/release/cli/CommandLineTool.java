package io.visitorcounter.release.cli;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The command as a whole: arguments in, an exit code out. */
record CommandLineTool(ProcessContext context) {

    private static final String COMPLETE = "complete-words";

    int run(String... typed) {
        ReleaseCommand top = new ReleaseCommand();
        GlobalOptions options = new GlobalOptions(top);
        int code;
        try (Session session = new Session(context, options)) {
            code = typed.length == 2 && typed[0].equals(COMPLETE)
                    ? complete(top, session, typed[1])
                    : run(top, session, asOptions(typed));
        } catch (CommandLine.ParameterException e) {
            code = tell(options, ExitCode.USAGE, List.of(UsageFault.of(e, typed)));
        } catch (RuntimeException e) {
            code = failed(options, e);
        }
        // Output that could not be written is a failure: its reader would continue with half of it.
        if (context.out().checkError()) {
            context.err().println("release: the result can't be written; is the disk full, or has its reader ended?");
            return code == ExitCode.DONE.code() || code == ExitCode.DIFFERENT.code() ? ExitCode.EXTERNAL.code() : code;
        }
        return code;
    }

    private int run(ReleaseCommand top, Session session, String[] arguments) {
        CommandLine line = line(top, needed(arguments));
        CommandLine.ParseResult parsed = line.parseArgs(arguments);
        // When help is requested, picocli accepts any arguments.
        List<String> unmatched = Stream.concat(
                        parsed.unmatched().stream(),
                        parsed.hasSubcommand() ? parsed.subcommand().unmatched().stream() : Stream.empty())
                .toList();
        if (!unmatched.isEmpty()) {
            throw new CommandLine.UnmatchedArgumentException(line, unmatched);
        }
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        Output output = command(parsed).run(session);
        session.printer().print(output);
        return output.code();
    }

    /** {@code help}, {@code help create}, {@code version} and {@code -v}, as other tools accept them. */
    private static String[] asOptions(String... typed) {
        if (typed.length == 0) {
            return typed;
        }
        return switch (typed[0]) {
            case "help" -> {
                String[] rest = Arrays.copyOfRange(typed, 1, typed.length + 1);
                rest[rest.length - 1] = "--help";
                yield rest;
            }
            case "version", "-v" -> {
                String[] same = typed.clone();
                same[0] = "--version";
                yield same;
            }
            default -> typed;
        };
    }

    private int complete(ReleaseCommand top, Session session, String line) {
        line(top, Commands.names());
        new Completion(top.spec(), session).candidates(line).forEach(session.printer()::content);
        return ExitCode.DONE.code();
    }

    // Setting up every command's options takes longer than most commands run.
    private static List<String> needed(String... arguments) {
        return arguments.length > 0 && Commands.has(arguments[0]) ? List.of(arguments[0]) : Commands.names();
    }

    private CommandLine line(ReleaseCommand top, List<String> commands) {
        CommandLine line = new CommandLine(top.spec());
        for (String name : commands) {
            line.addSubcommand(name, Commands.create(name).spec());
        }
        // After the subcommands are added, since a setting reaches only the existing ones.
        return line.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        context.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                // A reason may start with an @.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static Command command(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult called = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        return (Command) called.commandSpec().userObject();
    }

    private int failed(GlobalOptions options, RuntimeException e) {
        if (options.isDebug()) {
            // Messages of libraries may contain a URL as it was given, with its password.
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            context.err().print(PrintableText.withoutPasswords(PrintableText.lines(trace.toString())));
        }
        if (e instanceof ReleaseException known) {
            return tell(options, ExitCode.of(known), known.faults());
        }
        return tell(
                options,
                ExitCode.BUG,
                List.of("release: a bug of this tool: " + e + "; run it again with --debug and report what it prints"));
    }

    private int tell(GlobalOptions options, ExitCode code, List<String> told) {
        List<String> faults = told.stream()
                .map(PrintableText::oneLine)
                .map(LookalikeLetters::told)
                .toList();
        if (options.isJson()) {
            var json = CanonicalJson.object().put("schemaVersion", OutputForm.SCHEMA_VERSION);
            var error = json.putObject("error").put("exitCode", code.code()).put("code", code.word());
            var list = error.putArray("faults");
            faults.forEach(list::add);
            context.out().println(options.text(json));
        }
        faults.forEach(context.err()::println);
        return code.code();
    }
}
