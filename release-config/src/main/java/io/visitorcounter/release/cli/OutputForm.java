package io.visitorcounter.release.cli;

/** How results are printed. */
enum OutputForm {
    /** Lines for people. */
    TEXT,
    /** One document. */
    JSON,
    /** One line for each document: first the progress of a long command, last the result. */
    JSONL;

    /** Grows when a field of the JSON changes its meaning or is removed; a new field does not count. */
    static final int SCHEMA_VERSION = 1;
}
