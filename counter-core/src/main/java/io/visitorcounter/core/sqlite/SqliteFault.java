package io.visitorcounter.core.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What an error of SQLite means, and what to do about it.
 *
 *  @param kind the lowest byte of SQLite's result code, as sqlite.org/rescode.html numbers them; 1 if unknown
 *  @param message SQLite's own */
record SqliteFault(int kind, String message) {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int OUT_OF_MEMORY = 7;
    private static final int READ_ONLY = 8;
    private static final int IO_ERROR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CAN_NOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;

    private static final String DISK_FULL = "the disk is full; make room";

    static SqliteFault of(SQLException e) {
        int kind = e instanceof SQLiteException known ? known.getResultCode().code & 0xff : 1;
        return new SqliteFault(kind, String.valueOf(e.getMessage()));
    }

    /** {@return whether another program or connection holds a lock for now} */
    boolean isBusy() {
        return kind == BUSY || kind == LOCKED;
    }

    /** {@return whether the whole file is affected; if not, the error belongs to one statement and its rows} */
    boolean concernsTheFile() {
        return passes() || kind == READ_ONLY || kind == CORRUPT || kind == NOT_A_DATABASE;
    }

    /** {@return whether trying again may help within seconds} */
    boolean passes() {
        return isBusy() || kind == FULL || kind == IO_ERROR || kind == CAN_NOT_OPEN || kind == OUT_OF_MEMORY;
    }

    /** {@return whether a commit that failed with it left nothing behind} */
    boolean leftNothing() {
        return isBusy() || kind == FULL;
    }

    /** {@return why the file could not be used, and the next step} */
    String reason(SqliteFile file) {
        return switch (kind) {
            case BUSY, LOCKED -> "another program holds its lock; end that program";
            case OUT_OF_MEMORY -> "SQLite ran out of memory; give the process more";
            case READ_ONLY, CAN_NOT_OPEN -> file.whyNotWritable();
            case IO_ERROR -> file.isDiskFull() ? DISK_FULL : "the disk failed: " + message + "; check the disk";
            case CORRUPT -> "the file is corrupt; restore it from a backup or choose another";
            case FULL -> DISK_FULL;
            case NOT_A_DATABASE -> "expected an SQLite file, got something else; it was left as it is";
            default -> message;
        };
    }
}
