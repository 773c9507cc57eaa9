package io.visitorcounter.release.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The command as a user calls it, in this JVM, on a project in a folder of the test. */
public final class Tool {

    private final Path project;
    private final Map<String, String> variables = new HashMap<>();
    private String out = "";
    private String err = "";
    private String typed = "";
    private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Sets the project.
     *
     *  @param project an empty folder */
    public Tool(Path project) {
        this.project = project;
        variables.put("RELEASE_PROJECT", project.toString());
        variables.put("RELEASE_USER", "Ada");
        // No login of whoever runs the tests.
        variables.put("HOME", project.toString());
        variables.put("DOCKER_CONFIG", project.resolve("no-docker-config").toString());
        try {
            Files.createDirectories(project.resolve("environments"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the variables that the command sees, to be changed} */
    public Map<String, String> variables() {
        return variables;
    }

    /** Writes an environment's file. */
    public void config(String environment, String text) {
        try {
            Files.writeString(project.resolve("environments").resolve(environment + ".conf"), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return every file and folder of the project with its size and time} */
    public SortedMap<String, String> tree() throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project)) {
            for (Path path : all.toList()) {
                tree.put(
                        project.relativize(path).toString(),
                        Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS) + " " + Files.size(path));
            }
        }
        return tree;
    }

    /** What the clock says from now on. */
    public void at(String time) {
        now = Instant.parse(time);
    }

    /** What a person at a terminal types from now on. */
    public void types(String text) {
        variables.put("RELEASE_PERSON", "1");
        typed = text;
    }

    /** {@return the exit code} */
    public int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code = new CommandLineTool(new ProcessContext(
                        variables,
                        Clock.fixed(now, ZoneOffset.UTC),
                        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8)))
                .run(arguments);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    /** Runs what must succeed. */
    public void mustRun(String... arguments) {
        int code = run(arguments);
        assertThat(code)
                .as("exit code of %s: %s", String.join(" ", arguments), err)
                .isZero();
    }

    /** {@return the result of the last run} */
    public String out() {
        return out;
    }

    /** {@return the progress and errors of the last run} */
    public String err() {
        return err;
    }

    /** {@return the result of the last run, which was asked for as JSON} */
    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a field of a release, as text}
     *
     *  @param release such as {@code dev@v1}
     *  @param pointer such as {@code /appImage/digest} */
    public String field(String release, String pointer) {
        mustRun("show", release, "--output", "json");
        return json().path("release").at(pointer).asText();
    }
}
