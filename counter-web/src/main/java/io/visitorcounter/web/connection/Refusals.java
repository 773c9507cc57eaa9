package io.visitorcounter.web.connection;

/** Counts refusals before there is a request. */
@FunctionalInterface
public interface Refusals {

    /** An address is at its limit of connections. */
    String CONNECTIONS = "connections";

    /** An idle connection is closed, so that another client gets its place. */
    String IDLE = "idle";

    /** There is no memory for an incomplete head. */
    String MEMORY = "memory";

    /** The data is not a request, or is longer than the server reads. */
    String UNREADABLE = "unreadable";

    /** Only a part of a head arrived before the timeout, or before the client closed the connection. */
    String INCOMPLETE = "incomplete";

    /** The client does not read, and the limit of slow readers is reached. */
    String UNREAD = "unread";

    /** Counts one refusal, for one of the reasons above. */
    void count(String reason);
}
