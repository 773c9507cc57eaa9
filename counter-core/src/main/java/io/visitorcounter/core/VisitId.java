package io.visitorcounter.core;

import java.util.UUID;

/** The caller's own name for one visit, by which a repeat is recognised.
 *
 *  @param text 1 to 128 printable ASCII characters, no space */
public record VisitId(String text) {

    /** Longest id, in characters. */
    public static final int MAX_LENGTH = 128;

    /** Checks length and characters.
     *
     *  @param text the id */
    public VisitId {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("visit id: expected 1.." + MAX_LENGTH
                    + " printable ASCII characters without spaces, got " + text.length() + " characters");
        }
    }

    /** {@return a new unique id} */
    public static VisitId random() {
        return new VisitId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
