package io.visitorcounter.web.connection;

/** Counts what is refused before there is a request. */
@FunctionalInterface
public interface Refusals {

    /** One address has as many connections as it may. */
    String CONNECTIONS = "connections";

    /** There is no memory for the part of a head that has come. */
    String MEMORY = "memory";

    /** What came is not a request, or is longer than the server reads. */
    String UNREADABLE = "unreadable";

    /** Counts one.
     *
     *  @param reason one of the words above */
    void count(String reason);
}
