package io.visitorcounter.release.run;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The class archive of an unpacked image, which Java maps into its memory (class-data sharing): otherwise loading
 *  classes is half of a start. The first process writes it as it ends, which takes a second or two longer, and each
 *  later one starts from it. It lies next to the image's files, and its name identifies the Java and has the archive's
 *  size: Java ignores an archive of another Java, but crashes on a truncated one.
 *
 *  @param whole what a process starts from; empty if there is none yet
 *  @param made the file that a process writes, until it has ended well
 *  @param prefix of the final name, before the size */
public record ClassArchive(Optional<Path> whole, Path made, String prefix) {

    private static final String PREFIX = "classes-";
    private static final String SUFFIX = ".jsa";
    private static final String MAKING = ".making-" + PREFIX;

    // Age at which a leftover of a killed process is deleted; no process runs for so long without its image.
    private static final Duration LEFT = Duration.ofDays(7);

    // Measured: 3 s at four times the processors' capacity, more than 10 s at ten times.
    private static final Duration WRITING = Duration.ofSeconds(30);

    // A JVM that was told to end exits with one of these codes, or with 0, after all its shutdown work.
    private static final Set<Integer> ENDED_WELL = Set.of(0, 128 + 2, 128 + 15);

    // Such options can conflict with those that are added here.
    private static final List<String> JAVA_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** {@return the archive of an image, if its processes can use one: Java states its version, and no variable adds
     *  options}
     *
     *  @param folder the image's, beside its files */
    static Optional<ClassArchive> of(Path folder, Path java, Map<String, String> variables) {
        Path version = java.resolveSibling("../release").normalize();
        if (!Files.isRegularFile(version) || JAVA_OPTIONS.stream().anyMatch(variables::containsKey)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            String prefix = PREFIX + Digest.of(version).shortText() + "-";
            Optional<Path> whole = Optional.empty();
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.equals(prefix + Files.size(file) + SUFFIX)) {
                    whole = Optional.of(file);
                } else if (name.startsWith(prefix) || (name.startsWith(MAKING) && isLeft(file))) {
                    Files.deleteIfExists(file);
                }
            }
            Path made = folder.resolve(MAKING + ProcessHandle.current().pid());
            return Optional.of(new ClassArchive(whole, made, prefix));
        } catch (IOException e) {
            // Without it a start is only slower.
            return Optional.empty();
        }
    }

    private static boolean isLeft(Path file) throws IOException {
        return Files.getLastModifiedTime(file)
                .toInstant()
                .isBefore(Instant.now().minus(LEFT));
    }

    /** {@return the command with the options that make Java start from the archive, or write one}
     *
     *  @param command begins with java */
    List<String> with(List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.addAll(
                1,
                List.of(
                        // Java's messages about the archive are of no use to the user.
                        "-Xlog:cds*=off",
                        whole.map(file -> "-XX:SharedArchiveFile=" + file).orElse("-XX:ArchiveClassesAtExit=" + made)));
        return with;
    }

    /** {@return how long a process may take to end, when it also has to write the archive}
     *
     *  @param grace how long it may take otherwise */
    Duration graceOf(Duration grace) {
        return whole.isPresent() ? grace : grace.plus(WRITING);
    }

    /** Keeps what a process has written, if it ended well. */
    void ended(int code) {
        try {
            if (ENDED_WELL.contains(code) && Files.isRegularFile(made)) {
                Path kept = made.resolveSibling(prefix + Files.size(made) + SUFFIX);
                Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.deleteIfExists(made);
            }
        } catch (IOException e) {
            // The next process writes one.
        }
    }
}
