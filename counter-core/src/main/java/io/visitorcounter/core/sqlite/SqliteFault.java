package io.visitorcounter.core.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What an error of SQLite means.
 *
 *  @param kind as sqlite.org/rescode.html numbers them; 1 if unknown
 *  @param message SQLite's own */
record SqliteFault(int kind, String message) {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READ_ONLY = 8;
    private static final int DISK_FAILED = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int NOT_A_DATABASE = 26;

    static SqliteFault of(SQLException e) {
        int kind = e instanceof SQLiteException known ? known.getResultCode().code & 0xff : 1;
        return new SqliteFault(kind, String.valueOf(e.getMessage()));
    }

    /** {@return whether another program or connection is in the way for now} */
    boolean isBusy() {
        return kind == BUSY || kind == LOCKED;
    }

    /** {@return whether a commit that failed so left nothing behind} */
    boolean leftNothing() {
        return isBusy() || kind == FULL;
    }

    /** {@return it for people} */
    String reason() {
        return switch (kind) {
            case BUSY, LOCKED -> "another program holds its lock";
            case READ_ONLY -> "can't be written";
            case DISK_FAILED -> "the disk failed: " + message;
            case CORRUPT, NOT_A_DATABASE -> "the file is torn";
            case FULL -> "the disk is full";
            default -> message;
        };
    }
}
