package io.visitorcounter.web.config;

/** Where visits are counted. */
enum StoreKind {
    /** In Redis if there is a host, else in SQLite. */
    AUTO,
    /** In Redis. */
    REDIS,
    /** In a file. */
    SQLITE,
    /** In this process, until it ends. */
    MEMORY
}
