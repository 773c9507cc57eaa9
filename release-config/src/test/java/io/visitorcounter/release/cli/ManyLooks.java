package io.visitorcounter.release.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs commands that only look, one after the other in one JVM, and says what each answered. */
final class ManyLooks {

    private ManyLooks() {}

    /** Runs them, and prints the answers.
     *
     *  @param arguments the project, the ledger, the app image, the commands */
    public static void main(String[] arguments) {
        List<String> commands = List.of(arguments).subList(3, arguments.length);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        answers(Path.of(arguments[0]), arguments[1], arguments[2], commands)
                .forEach((command, answer) -> out.print(command + "\n" + answer + "\n"));
    }

    /** {@return exit code, result and errors of each command} */
    static Map<String, String> answers(Path project, String ledger, String app, List<String> commands) {
        Tool tool = new Tool(project);
        tool.variables().put("RELEASE_APP", app);
        if (!ledger.isEmpty()) {
            tool.variables().put("RELEASE_LEDGER", ledger);
        }
        Map<String, String> answers = new TreeMap<>();
        for (String command : commands) {
            List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
            int code = tool.run(words.toArray(String[]::new));
            answers.put(command, code + "\n" + tool.out() + tool.err());
        }
        return answers;
    }
}
