package io.visitorcounter.release;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A temporary folder next to the final place, in which a file or folder is made before it is renamed to that place.
 *  Closing deletes it. A folder left by a killed process is deleted by the next one that makes something there; a
 *  locked folder is in use, and stays. */
public final class Scratch implements AutoCloseable {

    private static final String PREFIX = ".making-";
    private static final String LOCK = "lock";
    // A process can be killed between making the folder and locking it; that step never takes this long.
    private static final Duration UNLOCKED = Duration.ofHours(1);

    private final Path path;
    private final FileChannel lock;

    private Scratch(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** {@return a new, empty folder}
     *
     *  @param folder where it is made; created if missing, and cleared of leftovers
     *  @throws IOException if it can't be */
    public static Scratch in(Path folder) throws IOException {
        Files.createDirectories(folder);
        sweep(folder);
        Path made = Files.createTempDirectory(folder, PREFIX);
        FileChannel channel =
                FileChannel.open(made.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // Held until the channel is closed, at the latest when the process ends.
        channel.tryLock();
        return new Scratch(made, channel);
    }

    /** {@return a path in it}
     *
     *  @param name of a file or folder to be made */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Moves what was made to its place, atomically: a reader there finds it whole or not at all. A file's bytes are on
     *  the disk before the move, and its name after it. If two processes put a folder there at once, the first one's
     *  stays.
     *
     *  @param made a file or a folder on the same disk as its place
     *  @param place where it goes; a file there is replaced
     *  @return whether it is there now; false if another's folder is
     *  @throws IOException if it can't be moved */
    public static boolean putInPlace(Path made, Path place) throws IOException {
        boolean isFile = Files.isRegularFile(made);
        if (isFile) {
            force(made, StandardOpenOption.WRITE);
        }
        try {
            Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (isFile || !Files.isDirectory(place)) {
                throw e;
            }
            return false;
        }
        force(Objects.requireNonNull(place.toAbsolutePath().getParent()), StandardOpenOption.READ);
        return true;
    }

    private static void force(Path written, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(written, how)) {
            channel.force(true);
        }
    }

    private static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path each : left) {
                if (isLeft(each)) {
                    delete(each);
                }
            }
        }
    }

    private static boolean isLeft(Path scratch) {
        Path file = scratch.resolve(LOCK);
        try {
            if (!Files.exists(file)) {
                return Files.getLastModifiedTime(scratch)
                        .toInstant()
                        .isBefore(Instant.now().minus(UNLOCKED));
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                return channel.tryLock() != null;
            }
        } catch (OverlappingFileLockException e) {
            // Another thread of this process holds the lock.
            return false;
        } catch (IOException e) {
            // Gone by now, or another user's: either way not ours to delete.
            return false;
        }
    }

    /** Deletes a file or folder with all its contents; links are not followed.
     *
     *  @param tree what to delete; nothing happens if it does not exist
     *  @throws IOException if it can't be */
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw failed;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes the folder.
     *
     *  @throws IOException if it can't be */
    @Override
    public void close() throws IOException {
        try (lock) {
            delete(path);
        }
    }
}
