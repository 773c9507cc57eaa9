package io.visitorcounter.release.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print the script with which a shell completes this command.",
        footer = {
            "",
            "Examples:",
            "  source <(release completion bash)",
            "  release completion zsh > ~/.release-completion"
        })
final class CompletionCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    /** The shells whose script there is; one script serves both. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    Shell shell;

    CompletionCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        CommandLine whole = new CommandLineTool(top.surroundings).whole();
        new Printer(top).line(AutoComplete.bash("release", whole).stripTrailing());
        return ExitCode.DONE.code();
    }
}
