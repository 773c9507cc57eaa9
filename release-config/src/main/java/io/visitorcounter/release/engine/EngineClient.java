package io.visitorcounter.release.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The engine's own program, found on the {@code PATH}: it knows the user's logins and contexts. Manifests go to its
 *  stdin, and no secret is ever on its command line. If it hangs, it is killed, with its child processes.
 *
 *  @param program such as {@code kubectl}
 *  @param always its first arguments in every call
 *  @param variables the environment of its process; its {@code PATH} finds the program */
record EngineClient(String program, List<String> always, Map<String, String> variables) {

    // A list of thousands of pods takes a few MiB.
    private static final int MAX_BYTES = 64 << 20;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    EngineClient {
        always = List.copyOf(always);
        variables = Map.copyOf(variables);
    }

    /** The result of a call. */
    record Answer(int exit, String out, String err) {

        boolean isFine() {
            return exit == 0;
        }

        /** {@return its error message, on one line} */
        String complaint() {
            String text = err.isBlank() ? out : err;
            return text.isBlank() ? "exit " + exit : PrintableText.oneLine(text.strip());
        }
    }

    /** {@return stdout of a call that must succeed}
     *
     *  @param arguments after those of every call
     *  @throws ReleaseException.Unreachable if it fails, with its error message */
    String must(Duration limit, String... arguments) {
        Answer answer = call("", limit, arguments);
        if (!answer.isFine()) {
            throw unreachable(arguments, answer);
        }
        return answer.out();
    }

    ReleaseException.Unreachable unreachable(String[] arguments, Answer answer) {
        return new ReleaseException.Unreachable(program + " " + verb(arguments) + ": " + answer.complaint());
    }

    /** {@return the result of a call}
     *
     *  @param arguments after those of every call
     *  @throws ReleaseException.Unreachable if the program is missing, or does not end in time */
    Answer call(String stdin, Duration limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of(found().toString()));
        command.addAll(always);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            try {
                return answered(process, stdin, limit, arguments);
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + ": can't be started: " + ReleaseException.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Unreachable(program + " " + verb(arguments) + ": interrupted", e);
        }
    }

    /** {@return the output of a call, which must be JSON} */
    JsonNode json(String verb, String said) {
        try {
            return CanonicalJson.read(said.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(program + " " + verb + ": expected JSON", e);
        }
    }

    private Answer answered(Process process, String stdin, Duration limit, String[] arguments)
            throws InterruptedException {
        CompletableFuture<String> out = reading(process.getInputStream());
        CompletableFuture<String> err = reading(process.getErrorStream());
        start(() -> write(process.getOutputStream(), stdin));
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            end(process);
            String said = text(err);
            throw new ReleaseException.Unreachable(program + " " + verb(arguments) + ": no answer within "
                    + limit.toSeconds() + " s" + (said.isBlank() ? "" : ": " + PrintableText.oneLine(said.strip())));
        }
        return new Answer(process.exitValue(), text(out), text(err));
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** A child process may hold the pipe open after the program's end, so this does not wait for the pipe to close. */
    private static String text(CompletableFuture<String> stream) throws InterruptedException {
        try {
            return stream.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException unread) {
            return "";
        }
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        return new String(stream.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                EngineClient::start);
    }

    private static void write(OutputStream into, String text) {
        try (into) {
            into.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closed) {
            // It did not read everything; its exit code and stderr say why.
            return;
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "engine-client");
        thread.setDaemon(true);
        thread.start();
    }

    private Path found() {
        for (String folder : variables.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            File file = new File(folder, program);
            if (!folder.isEmpty() && file.isFile() && file.canExecute()) {
                return file.toPath();
            }
        }
        throw new ReleaseException.Unreachable(program + ": not found on the PATH; install it");
    }

    /** {@return its name: the environment may hold passwords} */
    @Override
    public String toString() {
        return program;
    }

    private static String verb(String[] arguments) {
        return arguments.length > 1 && arguments[1].matches("[a-z]+")
                ? arguments[0] + " " + arguments[1]
                : arguments[0];
    }
}
