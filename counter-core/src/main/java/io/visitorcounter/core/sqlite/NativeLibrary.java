package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.util.OSInfo;

/** SQLite itself, a C library. The jar of sqlite-jdbc unpacks it into the temporary folder. If there is none, as in a
 *  container with a read-only root, it is loaded from a folder with one library for each system. */
final class NativeLibrary {

    /** The system property that names the folder. It contains the folders of sqlite-jdbc's jar, such as
     *  {@code Linux/x86_64}. */
    static final String FOLDER = "io.visitorcounter.sqlite";

    // sqlite-jdbc reads this once, when the first connection is made.
    private static final String CHOSEN = "org.sqlite.lib.path";

    private NativeLibrary() {}

    /** Chooses this system's library, if a folder is given.
     *
     *  @throws StoreException if the folder has no library for this system; the message names those it has */
    static void choose() {
        String folder = System.getProperty(FOLDER);
        if (folder != null && System.getProperty(CHOSEN) == null) {
            Path chosen = of(Path.of(folder), OSInfo.getNativeLibFolderPathForCurrentOS());
            System.setProperty(CHOSEN, chosen.toString());
        }
    }

    /** Checks whether an error says that the library could not be loaded.
     *
     *  @throws StoreException if it does; the message says how to provide the library */
    static void refuseIfNotLoaded(SQLException e) {
        if (e.getCause() instanceof NativeLibraryNotFoundException) {
            throw new StoreException(
                    "SQLite's native library for " + OSInfo.getNativeLibFolderPathForCurrentOS()
                            + " can't be loaded from " + System.getProperty(CHOSEN, tempFolder())
                            + "; the folder has to be writable and allow execution: name another with -D"
                            + (System.getProperty(CHOSEN) == null ? "java.io.tmpdir" : FOLDER),
                    e);
        }
    }

    private static String tempFolder() {
        return System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
    }

    /** {@return the folder with a system's library}
     *
     *  @param folder has one folder for each system
     *  @param system sqlite-jdbc's name for it, such as {@code Linux-Musl/x86_64} */
    static Path of(Path folder, String system) {
        Path own = folder.resolve(system);
        if (Files.isDirectory(own)) {
            return own;
        }
        throw new StoreException(
                folder + ": expected SQLite's library for " + system + ", got " + systems(folder)
                        + "; use a base image for one of these systems, or count in Redis",
                null);
    }

    private static String systems(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> known = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).getParent())
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            return known.isEmpty() ? "none" : String.join(", ", known);
        } catch (IOException e) {
            return "none";
        }
    }
}
