package io.visitorcounter.web.config;

/** A value that never appears in messages or logs.
 *
 *  @param text the value; empty if there is none */
record Secret(String text) {

    @Override
    public String toString() {
        return "(secret)";
    }
}
