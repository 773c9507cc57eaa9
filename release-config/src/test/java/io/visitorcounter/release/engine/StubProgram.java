package io.visitorcounter.release.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program on a {@code PATH} of its own that answers as a real one was seen to answer, and keeps what it was asked. */
final class StubProgram {

    private final Path folder;
    private final Path script;
    private final List<String> cases = new ArrayList<>();
    private int answers;

    /** Answers nothing yet, and ends with 9.
     *
     *  @param folder an empty one
     *  @param name what it is called */
    StubProgram(Path folder, String name) {
        this.folder = folder;
        this.script = folder.resolve(name);
        write();
    }

    /** {@return the variables of a process that finds it} */
    Map<String, String> variables() {
        return Map.of("PATH", folder + ":/usr/bin:/bin");
    }

    /** Says something on stdout and ends with 0, whenever its arguments match.
     *
     *  @param pattern of the shell, over all arguments */
    StubProgram says(String pattern, String out) {
        return answers(pattern, 0, out, "");
    }

    /** Complains on stderr, whenever its arguments match. */
    StubProgram fails(String pattern, int exit, String err) {
        return answers(pattern, exit, "", err);
    }

    private StubProgram answers(String pattern, int exit, String out, String err) {
        Path stdout = file(answers + ".out", out);
        Path stderr = file(answers + ".err", err);
        answers++;
        return runs(pattern, "cat '" + stdout + "'; cat '" + stderr + "' >&2; exit " + exit);
    }

    /** Does this in its shell, whenever its arguments match. The newest of two patterns that match counts. */
    StubProgram runs(String pattern, String command) {
        cases.add(0, "  " + pattern.replace(" ", "\\ ") + ")\n    " + command + " ;;\n");
        write();
        return this;
    }

    /** {@return its calls, oldest first: all arguments on a line} */
    List<String> calls() {
        try {
            Path calls = folder.resolve("calls");
            return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what the last call that reads its stdin got there} */
    String stdin() {
        try {
            return Files.readString(folder.resolve("stdin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() {
        file(
                script.getFileName().toString(),
                "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'" + folder + "/calls'\n"
                        + "case \"$*\" in *=-*|*--compose-file\\ -*) cat >'" + folder + "/stdin' ;; esac\n"
                        + "case \"$*\" in\n" + String.join("", cases)
                        + "  *) echo \"unexpected: $*\" >&2; exit 9 ;;\nesac\n");
        try {
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
