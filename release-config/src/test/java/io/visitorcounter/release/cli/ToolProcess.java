package io.visitorcounter.release.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
            command.addAll(List.of(arguments));
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
