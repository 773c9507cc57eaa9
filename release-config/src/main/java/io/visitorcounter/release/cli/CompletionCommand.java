package io.visitorcounter.release.cli;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

final class CompletionCommand extends Command {

    /** The supported shells. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    private final Input<Shell> shell = argument("SHELL", Shell.class, "bash, zsh or fish");

    CompletionCommand() {
        super(
                "Print the script that lets a shell complete this command: commands, options, environments, versions.",
                "Examples:",
                "  source <(release completion bash)                                  # in ~/.bashrc",
                "  source <(release completion zsh)                                   # in ~/.zshrc, after compinit",
                "  release completion fish > ~/.config/fish/completions/release.fish");
    }

    @Override
    Output run(Session session) {
        String file = "completion." + ValueReader.word(shell.value());
        try (InputStream in = Objects.requireNonNull(CompletionCommand.class.getResourceAsStream(file))) {
            session.printer().content(new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + ReleaseException.reason(e), e);
        }
        return Output.none(ExitCode.DONE.code());
    }
}
