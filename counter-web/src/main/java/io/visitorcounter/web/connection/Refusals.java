package io.visitorcounter.web.connection;

/** Counts what is refused before there is a request. */
@FunctionalInterface
public interface Refusals {

    /** One address has as many connections as it may. */
    String CONNECTIONS = "connections";

    /** A connection without a request is closed, so that another client gets its place. */
    String IDLE = "idle";

    /** There is no memory for the part of a head that has come. */
    String MEMORY = "memory";

    /** What came is not a request, or is longer than the server reads. */
    String UNREADABLE = "unreadable";

    /** A part of a head has come, and the rest did not within the time for it or before the client went. */
    String INCOMPLETE = "incomplete";

    /** The client does not read, and as many others as may do not either. */
    String UNREAD = "unread";

    /** Counts one, for a reason that is one of the words above. */
    void count(String reason);
}
