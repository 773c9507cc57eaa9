package io.visitorcounter.web.values;

/** The lowest level that is logged. */
public enum LogLevel {
    /** Something went wrong, and a person has to act. */
    ERROR,
    /** A person may have to act. */
    WARN,
    /** What an operator wants to know. */
    INFO,
    /** What a developer wants to know. */
    DEBUG
}
