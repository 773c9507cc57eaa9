package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file that names the running processes of an environment, one line each. If this tool is killed, its process
 *  survives, and the next run finds it here.
 *
 *  @param file next to the environment's working folder
 *  @param label what runs, such as {@code dev v3} */
public record RunRecord(Path file, String label) {

    private static final Pattern LINE = Pattern.compile("(?<pid>[0-9]{1,18}) (?<start>\\S+) (?<label>.+)");

    /** {@return the processes that still run, one sentence each} */
    List<String> stillRunning() {
        return alive().map(line -> line.group("label") + " still runs as process " + line.group("pid")
                        + "; stop it with kill " + line.group("pid"))
                .toList();
    }

    /** Notes a process that was just started. */
    void add(ProcessHandle process) {
        write(Stream.concat(
                alive().map(Matcher::group), Stream.of(process.pid() + " " + startMillis(process) + " " + label)));
    }

    /** Removes a process that has ended. */
    void remove(ProcessHandle process) {
        write(alive().filter(line -> Long.parseLong(line.group("pid")) != process.pid())
                .map(Matcher::group));
    }

    /** Process ids are reused: the start time tells processes apart. */
    private Stream<Matcher> alive() {
        return lines().map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> ProcessHandle.of(Long.parseLong(line.group("pid")))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> startMillis(process).equals(line.group("start")))
                        .isPresent());
    }

    private Stream<String> lines() {
        try {
            return Files.readAllLines(file).stream();
        } catch (NoSuchFileException e) {
            return Stream.empty();
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + e.getMessage(), e);
        }
    }

    private void write(Stream<String> lines) {
        List<String> left = lines.toList();
        try {
            if (left.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.write(file, left);
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be written: " + e.getMessage(), e);
        }
    }

    private static String startMillis(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .map(String::valueOf)
                .orElse("unknown");
    }
}
