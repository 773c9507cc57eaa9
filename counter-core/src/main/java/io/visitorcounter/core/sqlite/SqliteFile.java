package io.visitorcounter.core.sqlite;

import io.visitorcounter.core.StoreException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The file of a store, looked at before it is written to: one that is not ours is refused by its path. */
final class SqliteFile {

    /** Marks a file as ours: "visc" in ASCII. */
    private static final int APPLICATION_ID = 0x76697363;

    private static final int SCHEMA = 1;
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** How long to wait for a lock that another process holds, in ms; its transactions take a few ms. */
    private static final int BUSY_MILLIS = 1000;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path path;
    private @Nullable Object fileKey;
    private volatile int pages;

    SqliteFile(Path path) {
        this.path = path;
    }

    /** Looks at the file, or makes a new one.
     *
     *  @throws StoreException if it is torn, foreign or can't be written; the message names the path */
    static SqliteFile open(Path path) {
        SqliteFile file = new SqliteFile(path);
        file.lookAt();
        NativeLibrary.choose();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        while (true) {
            try (Connection connection = file.connect()) {
                file.prepare(connection);
                return file;
            } catch (SQLException e) {
                // SQLite does not wait for a lock where waiting could be a deadlock, as when two processes turn a
                // new file to its write-ahead log.
                if (!isLocked(e) || System.nanoTime() > end) {
                    throw file.refused(e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static boolean isLocked(SQLException e) {
        int kind = kind(e);
        return kind == SQLiteErrorCode.SQLITE_BUSY.code || kind == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    /** {@return the lowest byte, which is the kind of error; the rest are its details: sqlite.org/rescode.html} */
    private static int kind(SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        return code.code & 0xff;
    }

    Path path() {
        return path;
    }

    /** Limits how far the file may grow by connections that are made from now on, as a full disk does.
     *
     *  @param most in pages of 4 KiB; 0 is no limit */
    void limit(int most) {
        pages = most;
    }

    private void lookAt() {
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new StoreException(path + ": its folder can't be made: " + reason(e), e);
        }
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.isRegularFile(path)) {
            throw new StoreException(path + ": expected a file, got a folder or a device; choose another path", null);
        }
        if (!Files.isWritable(path)) {
            throw new StoreException(path + ": can't be written; check its owner and mode", null);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(MAGIC.length);
            if (head.length > 0 && !Arrays.equals(head, MAGIC)) {
                throw new StoreException(
                        path + ": expected an SQLite file, got something else; it was left as it is", null);
            }
        } catch (IOException e) {
            throw new StoreException(path + ": can't be read: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    /** {@return a new connection, which syncs at every commit} */
    Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        // On macOS a plain fsync leaves the data in the drive's cache; elsewhere this changes nothing.
        config.setPragma(SQLiteConfig.Pragma.FULL_SYNC, "true");
        if (pages > 0) {
            config.setMaxPageCount(pages);
        }
        return config.createConnection("jdbc:sqlite:" + path);
    }

    /** Makes the file a counter's, unless it is one.
     *
     *  @throws StoreException if it is torn or foreign */
    void prepare(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            // One look, not three: another process may be making the file's tables at this moment.
            sql.execute("BEGIN");
            refuseForeign(sql);
            sql.execute("COMMIT");
            if (!"ok".equals(one(sql, "PRAGMA quick_check(1)"))) {
                throw new StoreException(path + ": the file is torn; restore it from a backup or choose another", null);
            }
            if (!"wal".equals(one(sql, "PRAGMA journal_mode=WAL"))) {
                throw new StoreException(
                        path + ": expected a file system with shared memory for a write-ahead log, got none;"
                                + " choose a local disk",
                        null);
            }
            sql.execute("BEGIN IMMEDIATE");
            // Another process may have been first.
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

    /** {@return whether the path still names the file that was opened: one that was moved away would be written to in
     *  vain} */
    boolean isInPlace() {
        try {
            return java.util.Objects.equals(fileKey, key());
        } catch (StoreException gone) {
            return false;
        }
    }

    private @Nullable Object key() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            throw new StoreException(path + ": can't be read: " + reason(e), e);
        }
    }

    private StoreException refused(SQLException e) {
        return switch (kind(e)) {
            case 26 ->
                new StoreException(path + ": expected an SQLite file, got something else; it was left as it is", e);
            case 11 -> new StoreException(path + ": the file is torn; restore it from a backup or choose another", e);
            case 8, 14 ->
                new StoreException(path + ": can't be written; check the owner and mode of it and its folder", e);
            case 13 -> new StoreException(path + ": the disk is full; make room", e);
            case 5, 6 -> new StoreException(path + ": another program holds its lock; end that program", e);
            default -> new StoreException(path + ": can't be opened: " + e.getMessage(), e);
        };
    }
}
