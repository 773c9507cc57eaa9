package io.visitorcounter.release.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

final class CompletionCommand extends Command {

    private final ReleaseCommand top;

    /** The shells whose script there is; one script serves both. */
    enum Shell {
        BASH,
        ZSH
    }

    CompletionCommand(ReleaseCommand top) {
        super(
                "Print the script with which a shell completes this command.",
                "Examples:",
                "  source <(release completion bash)",
                "  release completion zsh > ~/.release-completion");
        this.top = top;
        argument("SHELL", Shell.class, "bash or zsh");
    }

    @Override
    int run() {
        CommandLine whole = new CommandLineTool(top.context).whole();
        new Printer(top).line(AutoComplete.bash("release", whole).stripTrailing());
        return ExitCode.DONE.code();
    }
}
