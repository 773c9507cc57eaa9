package io.visitorcounter.web.values;

/** The lowest level that is logged. */
public enum LogLevel {
    /** What went wrong and needs somebody. */
    ERROR,
    /** What may need somebody. */
    WARN,
    /** What an operator wants to know. */
    INFO,
    /** What a developer wants to know. */
    DEBUG
}
