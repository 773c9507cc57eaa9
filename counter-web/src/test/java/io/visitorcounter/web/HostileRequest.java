package io.visitorcounter.web;

import java.nio.charset.StandardCharsets;

/** A request that is malformed, or made to be read in two ways.
 *
 *  @param name for the report
 *  @param bytes as sent; the client then sends no more
 *  @param outcome of its first response
 *  @param status of its first response; 0 is any that the outcome has */
record HostileRequest(String name, String bytes, Outcome outcome, int status) {

    /** What must come of one of them. */
    enum Outcome {
        /** A status of 4xx, 501 or 505, or a close without a response. */
        REFUSED,
        /** A response of 2xx that counts no visit. */
        HARMLESS,
        /** A visit: odd, but what it asks for is beyond doubt. */
        COUNTED
    }

    static final String END = "\r\n\r\n";
    static final String HOST = "\r\nHost: x";

    static HostileRequest refused(String name, String bytes) {
        return refused(0, name, bytes);
    }

    static HostileRequest refused(int status, String name, String bytes) {
        return new HostileRequest(name, bytes, Outcome.REFUSED, status);
    }

    static HostileRequest harmless(String name, String bytes) {
        return new HostileRequest(name, bytes, Outcome.HARMLESS, 0);
    }

    static HostileRequest counted(String name, String bytes) {
        return new HostileRequest(name, bytes, Outcome.COUNTED, 0);
    }

    /** {@return a visit of the page, but for this header} */
    static String get(String header) {
        return "GET / HTTP/1.1" + HOST + "\r\n" + header + END;
    }

    /** {@return a visit of a counter, but for this header} */
    static String post(String header) {
        return "POST /counters/c/visits HTTP/1.1" + HOST + "\r\n" + header + END;
    }

    byte[] raw() {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return name;
    }
}
