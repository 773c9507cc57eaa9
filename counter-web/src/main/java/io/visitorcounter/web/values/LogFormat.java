package io.visitorcounter.web.values;

/** How an event is written, one line each. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** For machines. */
    JSON
}
