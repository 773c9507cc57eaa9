package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.StoreException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/** The file of a store. It is checked before it is written to, and a file of another program is refused. */
class SqliteFile {

    /** Marks a file as ours: "visc" in ASCII. */
    private static final int APPLICATION_ID = 0x76697363;

    /** The version of the tables' layout. */
    static final int SCHEMA = 1;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** How long to wait for a lock that another process holds, in ms; its transactions take a few ms. */
    private static final int BUSY_MILLIS = 1000;

    /** What SQLite needs at once: its shared index grows by 32 KiB. */
    private static final long ROOM = 32 * 1024;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path path;
    private @Nullable Object fileKey;

    SqliteFile(Path path) {
        this.path = path;
    }

    /** Checks the file, or creates it.
     *
     *  @return this
     *  @throws StoreException if it is corrupt, foreign or can't be written; the message names the path */
    SqliteFile open() {
        checkBeforeOpening();
        NativeLibrary.choose();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        while (true) {
            try (Connection connection = connect()) {
                prepare(connection);
                return this;
            } catch (SQLException e) {
                NativeLibrary.refuseIfNotLoaded(e);
                SqliteFault fault = SqliteFault.of(e);
                // SQLite does not wait for a lock if that could be a deadlock, as when two processes switch a new file
                // to its write-ahead log.
                if (!fault.isBusy() || System.nanoTime() > end) {
                    throw new StoreException(path + ": " + fault.reason(this), e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    Path path() {
        return path;
    }

    private void checkBeforeOpening() {
        Path folder = folder();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new StoreException(
                    path + ": its folder can't be made: " + reason(e) + "; make it, or choose another path", e);
        }
        if (!Files.exists(path)) {
            if (!Files.isWritable(folder)) {
                throw new StoreException(path + ": " + whyNotWritable(), null);
            }
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new StoreException(path + ": expected a file, got a folder or a device; choose another path", null);
        }
        if (!Files.isWritable(path)) {
            throw new StoreException(path + ": " + whyNotWritable(), null);
        }
        checkMagic();
    }

    private void checkMagic() {
        // Not with a channel, which an interrupt of this thread would close.
        try (InputStream in = new FileInputStream(path.toFile())) {
            byte[] head = in.readNBytes(MAGIC.length);
            if (head.length > 0 && !Arrays.equals(head, MAGIC)) {
                throw new StoreException(
                        path + ": expected an SQLite file, got something else; it was left as it is", null);
            }
        } catch (IOException e) {
            throw new StoreException(
                    path + ": can't be read: " + reason(e) + "; let this process's user read and write it", e);
        }
    }

    private Path folder() {
        return Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path.toAbsolutePath());
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    /** {@return why the file can't be written, and the next step} */
    String whyNotWritable() {
        boolean readOnlySystem;
        try {
            readOnlySystem = Files.getFileStore(folder()).isReadOnly();
        } catch (IOException e) {
            readOnlySystem = false;
        }
        return whyNotWritable(readOnlySystem, Files.isWritable(folder()), Files.exists(path), Files.isWritable(path));
    }

    static String whyNotWritable(boolean readOnlySystem, boolean folderWritable, boolean exists, boolean writable) {
        if (readOnlySystem) {
            return "can't be written: its file system is read-only; mount it writable, or choose a path on another";
        }
        if (!folderWritable) {
            return "can't be written: SQLite has to write its folder too; let this process's user write the folder";
        }
        return exists && !writable
                ? "can't be written; let this process's user write it (owner and mode)"
                : "can't be written; check the owner and mode of it and its folder";
    }

    /** {@return whether the disk is full; SQLite reports some failures for want of room as errors of the disk} */
    boolean isDiskFull() {
        try {
            return Files.getFileStore(folder()).getUsableSpace() < ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return a new connection, which syncs at every commit} */
    Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        // On macOS a plain fsync leaves the data in the drive's cache; elsewhere this changes nothing.
        config.setPragma(SQLiteConfig.Pragma.FULL_SYNC, "true");
        return config.createConnection("jdbc:sqlite:" + path);
    }

    /** Creates the tables, unless they exist.
     *
     *  @throws StoreException if it is corrupt or foreign */
    void prepare(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            // In one transaction, since another process may be creating the tables right now.
            sql.execute("BEGIN");
            refuseForeign(sql);
            sql.execute("COMMIT");
            if (!"ok".equals(one(sql, "PRAGMA quick_check(1)"))) {
                throw new StoreException(
                        path + ": the file is corrupt; restore it from a backup or choose another", null);
            }
            if (!"wal".equals(one(sql, "PRAGMA journal_mode=WAL"))) {
                throw new StoreException(
                        path + ": expected a file system with shared memory for a write-ahead log, got none;"
                                + " choose a local disk",
                        null);
            }
            sql.execute("BEGIN IMMEDIATE");
            // Another process may have been faster.
            refuseForeign(sql);
            for (String statement : Tables.SCHEMA) {
                sql.execute(statement);
            }
            sql.execute("PRAGMA application_id=" + APPLICATION_ID);
            sql.execute("PRAGMA user_version=" + SCHEMA);
            sql.execute("COMMIT");
        }
        fileKey = key();
    }

    private void refuseForeign(Statement sql) throws SQLException {
        int application = Integer.parseInt(one(sql, "PRAGMA application_id"));
        int schema = Integer.parseInt(one(sql, "PRAGMA user_version"));
        boolean empty = one(sql, "SELECT count(*) FROM sqlite_schema").equals("0");
        if (empty && application == 0 && schema == 0) {
            return;
        }
        if (application != APPLICATION_ID) {
            throw new StoreException(
                    path + ": expected a counter's file, got another program's SQLite file; it was left as it is",
                    null);
        }
        if (schema > SCHEMA) {
            throw new StoreException(
                    path + ": expected layout " + SCHEMA + " or older, got " + schema + "; use a newer version of this"
                            + " program",
                    null);
        }
    }

    private static String one(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    /** {@return whether the path still names the file that was opened, and the file is not empty; what is written to
     *  another would be lost} */
    boolean isInPlace() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return Objects.equals(fileKey, now.fileKey()) && now.size() > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** {@return which files SQLite keeps beside this one while a connection is open: its log, and the index that
     *  processes share} */
    List<Optional<Object>> companions() {
        return List.of(companion("-wal"), companion("-shm"));
    }

    private Optional<Object> companion(String suffix) {
        try {
            return Optional.ofNullable(keyOf(path.resolveSibling(path.getFileName() + suffix)));
        } catch (IOException gone) {
            return Optional.of(gone.getClass());
        }
    }

    private @Nullable Object key() {
        try {
            return keyOf(path);
        } catch (IOException e) {
            throw new StoreException(path + ": can't be read: " + reason(e), e);
        }
    }

    /** {@return the file's identity; null if the system has none} */
    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
