package io.visitorcounter.web.config;

/** A value that stands in no message and no log.
 *
 *  @param text the value; empty if there is none */
record Secret(String text) {

    @Override
    public String toString() {
        return "(secret)";
    }
}
