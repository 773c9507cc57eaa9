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

/** The classes of an unpacked image in the form in which a Java maps them into its memory (class-data sharing): loading
 *  them is half of a start otherwise. The first process writes them as it ends, which takes it a second or two more, and
 *  each later one starts from them. It lies beside the image's files, named by the Java and by its own size: Java ignores an
 *  archive of another Java, but dies of one that was cut off.
 *
 *  @param whole what a process starts from; empty if there is none yet
 *  @param made what a process writes, until it has ended well
 *  @param prefix of what that is called then, before its size */
public record ClassArchive(Optional<Path> whole, Path made, String prefix) {

    private static final String PREFIX = "classes-";
    private static final String SUFFIX = ".jsa";
    private static final String MAKING = ".making-" + PREFIX;

    // What a process that was killed left; none runs on for so long without its image.
    private static final Duration LEFT = Duration.ofDays(7);

    // Seen: 3 s on processors that were busy four times over, more than 10 s on ones that were busy ten times over.
    private static final Duration WRITING = Duration.ofSeconds(30);

    // Told to end, a JVM ends with one of these, or with 0, and has done all that it does at its end.
    private static final Set<Integer> ENDED_WELL = Set.of(0, 128 + 2, 128 + 15);

    // Such options can contradict those that are added here.
    private static final List<String> JAVA_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** {@return the archive of an image, if its processes can use one: Java says which it is, and no variable has options
     *  for it}
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
            // A start without it is slower, and nothing else.
            return Optional.empty();
        }
    }

    private static boolean isLeft(Path file) throws IOException {
        return Files.getLastModifiedTime(file)
                .toInstant()
                .isBefore(Instant.now().minus(LEFT));
    }

    /** {@return the command with what has Java start from the archive, or write one}
     *
     *  @param command begins with java */
    List<String> with(List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.addAll(
                1,
                List.of(
                        // Java's messages about the archive do not concern whoever runs a release.
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
