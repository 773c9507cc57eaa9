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

/** A folder beside what is being made, in which it is made before it is renamed to its place: gone when closed. One that
 *  a killed process left is deleted by the next that makes something there; one that is in use is locked, and stays. */
public final class Scratch implements AutoCloseable {

    private static final String PREFIX = ".making-";
    private static final String LOCK = "lock";
    // Between making the folder and locking it, a process can be killed too; none takes this long.
    private static final Duration UNLOCKED = Duration.ofHours(1);

    private final Path path;
    private final FileChannel lock;

    private Scratch(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** {@return a new, empty one}
     *
     *  @param folder where it is made; created if need be, and cleared of what was left there
     *  @throws IOException if it can't be */
    public static Scratch in(Path folder) throws IOException {
        Files.createDirectories(folder);
        sweep(folder);
        Path made = Files.createTempDirectory(folder, PREFIX);
        FileChannel channel =
                FileChannel.open(made.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        // Held until the channel is closed, which the end of the process does as well.
        channel.tryLock();
        return new Scratch(made, channel);
    }

    /** {@return a path in it}
     *
     *  @param name of a file or folder that is about to be made */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Gives what was made its place, in one step: whoever looks there finds it whole or not at all. Of a file, its bytes
     *  are on the disk before, and its name after; of two that put a folder there at once, the first one's stays.
     *
     *  @param made a file or a folder beside its place, on the same disk
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
            // Another thread of this process holds it.
            return false;
        } catch (IOException e) {
            // Gone meanwhile, or another user's: either way not ours to delete.
            return false;
        }
    }

    /** Deletes a file or folder with all that is in it; links are not followed.
     *
     *  @param tree what; nothing happens if it is not there
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

    /** Deletes it.
     *
     *  @throws IOException if it can't be */
    @Override
    public void close() throws IOException {
        try (lock) {
            delete(path);
        }
    }
}
