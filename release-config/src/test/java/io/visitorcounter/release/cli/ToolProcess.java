package io.visitorcounter.release.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The command in a JVM of its own, which can be killed. */
final class ToolProcess {

    private final Process process;
    private final Path output;

    private ToolProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a command.
     *
     *  @param project its project
     *  @param variables beyond those that say where the project is
     *  @param arguments of the command */
    static ToolProcess start(Path project, Map<String, String> variables, String... arguments) {
        return launch(project, variables, command(List.of(), arguments));
    }

    /** Starts a command.
     *
     *  @param java options of the JVM
     *  @param project its project
     *  @param variables beyond those that say where the project is
     *  @param arguments of the command */
    static ToolProcess start(List<String> java, Path project, Map<String, String> variables, String... arguments) {
        return launch(project, variables, command(java, arguments));
    }

    /** Starts a command at a terminal of its own, by the program {@code script}.
     *
     *  @param project its project
     *  @param variables beyond those that say where the project is
     *  @param arguments of the command */
    static ToolProcess atTerminal(Path project, Map<String, String> variables, String... arguments) {
        String line = command(List.of(), arguments).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return launch(project, variables, List.of("script", "--quiet", "--return", "--command", line, "/dev/null"));
    }

    private static List<String> command(List<String> java, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(java);
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static ToolProcess launch(Path project, Map<String, String> variables, List<String> command) {
        try {
            Path output = Files.createTempFile(project, "output-", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("RELEASE_PROJECT", project.toString());
            builder.environment().put("RELEASE_USER", "Ada");
            builder.environment()
                    .put("DOCKER_CONFIG", project.resolve("no-docker-config").toString());
            builder.environment().putAll(variables);
            return new ToolProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types at its terminal; once it has ended there is none.
     *
     *  @param text such as a control character */
    void type(String text) throws IOException, InterruptedException {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                throw e;
            }
        }
    }

    /** Ends it as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Asks it to end, as {@code kill} does. */
    void stop() {
        process.destroy();
    }

    /** {@return whether it has not ended yet} */
    boolean isAlive() {
        return process.isAlive();
    }

    /** {@return the exit code, once it has ended} */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** {@return all that it printed so far} */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
