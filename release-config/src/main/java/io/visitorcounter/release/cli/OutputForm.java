package io.visitorcounter.release.cli;

/** How results are printed. */
enum OutputForm {
    TEXT,
    JSON;

    /** Grows when a field of the JSON changes its meaning or goes; a new field does not count. */
    static final int SCHEMA_VERSION = 1;
}
