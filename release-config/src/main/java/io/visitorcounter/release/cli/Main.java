package io.visitorcounter.release.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Starts the command. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with its code.
     *
     *  @param arguments as {@code release --help} says */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code = new CommandLineTool(new Surroundings(System.getenv(), Clock.systemUTC(), System.in, out, err))
                .run(arguments);
        out.flush();
        System.exit(code);
    }
}
