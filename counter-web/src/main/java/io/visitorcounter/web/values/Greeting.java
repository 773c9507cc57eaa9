package io.visitorcounter.web.values;

/** The beginning of the text of {@code GET /}.
 *
 *  @param words as in {@code Welcome!} */
public record Greeting(String words) {

    /** {@return the text, up to the visitor's number} */
    public String prefix() {
        return words + " Visitor Count: ";
    }

    /** {@return the whole text} */
    public String text(long number) {
        return prefix() + number;
    }
}
