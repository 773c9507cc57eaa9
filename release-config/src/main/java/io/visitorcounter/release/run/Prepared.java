package io.visitorcounter.release.run;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that is about to be started.
 *
 *  @param command with arguments, for this machine
 *  @param variables all that the process sees
 *  @param folder its working folder
 *  @param ending how it is ended
 *  @param record where it is noted while it runs; empty if its engine keeps track
 *  @param archive the class archive of its image; empty if it has none
 *  @param notes what the user should know first, such as what still runs */
public record Prepared(
        List<String> command,
        Map<String, String> variables,
        Path folder,
        Ending ending,
        Optional<RunRecord> record,
        Optional<ClassArchive> archive,
        List<String> notes) {

    /** How a process is ended.
     *
     *  @param command the one that ends it; empty for SIGTERM
     *  @param grace how long ending may take before it is killed */
    public record Ending(Optional<List<String>> command, Duration grace) {}

    public Prepared {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
        notes = List.copyOf(notes);
    }

    /** Notes that the process has ended. */
    void ended(Process process, int code) {
        record.ifPresent(file -> file.remove(process.toHandle()));
        archive.ifPresent(classes -> classes.ended(code));
    }

    /** {@return the started process; it shares the input and output of this one}
     *
     *  @throws ReleaseException.Unhealthy if it can't be started */
    public Process start() {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            record.ifPresent(file -> file.add(process.toHandle()));
            return process;
        } catch (IOException e) {
            throw new ReleaseException.Unhealthy(command.get(0) + ": can't be started: " + e.getMessage());
        }
    }

    /** {@return the program and the folder: the variables and the arguments may hold passwords} */
    @Override
    public String toString() {
        return command.get(0) + " in " + folder;
    }
}
