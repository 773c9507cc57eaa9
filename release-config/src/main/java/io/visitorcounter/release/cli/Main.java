package io.visitorcounter.release.cli;

import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Ledger;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Starts the command. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with its code.
     *
     *  @param arguments as in {@code release --help} */
    public static void main(String[] arguments) {
        Registry.setUp();
        // In parallel with reading the arguments, which keeps one core busy for as long.
        Thread git = new Thread(Ledger::setUp, "git");
        git.setDaemon(true);
        git.start();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Optional<String> lost = LostLetters.in(
                System.getProperty("sun.jnu.encoding", ""),
                List.of(arguments),
                System.getenv(),
                System.getProperty("user.dir", ""));
        lost.ifPresent(fault -> err.println("release: " + fault));
        int code = lost.isPresent()
                ? ExitCode.USAGE.code()
                : run(new ProcessContext(System.getenv(), Clock.systemUTC(), System.in, out, err), arguments);
        out.flush();
        System.exit(code);
    }

    /** {@return the exit code of one command} */
    static int run(ProcessContext context, String... arguments) {
        return new CommandLineTool(context).run(arguments);
    }
}
