package io.visitorcounter.release.cli;

/** How results are printed. */
enum OutputForm {
    /** Lines for people. */
    TEXT,
    /** One document. */
    JSON,
    /** One line for each document: the result, and before it what a long command is doing. */
    JSONL;

    /** Grows when a field of the JSON changes its meaning or goes; a new field does not count. */
    static final int SCHEMA_VERSION = 1;
}
