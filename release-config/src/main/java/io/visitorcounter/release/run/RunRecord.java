package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A file that names the process of an environment while it runs. If this tool is killed, the process lives on, and the
 *  next run finds it here.
 *
 *  @param file beside the environment's working folder
 *  @param label what runs, such as {@code dev v3} */
public record RunRecord(Path file, String label) {

    /** Writes who runs.
     *
     *  @param process just started */
    void write(ProcessHandle process) {
        try {
            Files.writeString(file, process.pid() + " " + startMillis(process) + " " + label + "\n");
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be written: " + e.getMessage(), e);
        }
    }

    /** {@return who still runs, in a sentence; empty if nobody does} */
    Optional<String> stillRuns() {
        try {
            String[] fields = Files.readString(file).strip().split(" ", 3);
            if (fields.length < 3 || !fields[0].matches("[0-9]{1,18}")) {
                return Optional.empty();
            }
            // A process id is given again once its process has ended: the start tells them apart.
            return ProcessHandle.of(Long.parseLong(fields[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startMillis(process).equals(fields[1]))
                    .map(process -> fields[2] + " still runs as process " + fields[0] + "; stop it with kill " + fields[0]);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be read: " + e.getMessage(), e);
        }
    }

    /** Removes it, after the process has ended.
     *
     *  @param process which has ended */
    void remove(ProcessHandle process) {
        try {
            // Another run of this environment may have written it since.
            if (Files.readString(file).startsWith(process.pid() + " ")) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            // Somebody has deleted it: there is nothing left to do.
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(file + ": can't be deleted: " + e.getMessage(), e);
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
