package io.visitorcounter.release.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** {@code release} itself, without a command: carries the general help, and does nothing. */
final class ReleaseCommand extends Command {

    ReleaseCommand() {
        super(
                "Makes, shows and runs releases: one build plus one environment's config, numbered, never changed.",
                footer());
        spec().name("release").usageMessage().synopsisSubcommandLabel("COMMAND");
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>(List.of(
                "A release is written prod@v12 or prod v12; without a version it is the newest.", "", "Exit codes:"));
        lines.addAll(ExitCode.table());
        lines.addAll(List.of("", "release help COMMAND says more, with examples."));
        return lines.toArray(String[]::new);
    }

    @Override
    Output run(Session session) {
        throw new CommandLine.ParameterException(spec().commandLine(), "expected a command, got none");
    }
}
