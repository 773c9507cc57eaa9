package io.visitorcounter.release.image;

import java.util.function.IntPredicate;

/** The text of a header field, read from start to end in the grammar of RFC 9110, 5.6: tokens and quoted texts. */
final class HeaderText {

    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private final String text;
    private int at;

    HeaderText(String text) {
        this.text = text;
    }

    boolean isEnd() {
        return at >= text.length();
    }

    /** {@return the reading position} */
    int at() {
        return at;
    }

    /** Moves the reading position. */
    void moveTo(int to) {
        at = to;
    }

    boolean isNext(char sign) {
        return at < text.length() && text.charAt(at) == sign;
    }

    /** {@return whether this character was next; if so, it is now read} */
    boolean took(char sign) {
        boolean isNext = isNext(sign);
        at += isNext ? 1 : 0;
        return isNext;
    }

    /** {@return how many of these characters were next; they are now read} */
    int skip(String signs) {
        return taken(c -> signs.indexOf(c) >= 0).length();
    }

    /** {@return a token; empty if none is next}
     *
     *  @param more characters that also belong to a token here */
    String token(String more) {
        return taken(c -> isTokenSign(c) || more.indexOf(c) >= 0);
    }

    private static boolean isTokenSign(int c) {
        return c < 128 && (Character.isLetterOrDigit(c) || TOKEN_SIGNS.indexOf(c) >= 0);
    }

    /** {@return the text up to one of these characters, which stays unread, or up to the end} */
    String until(String ends) {
        return taken(c -> ends.indexOf(c) < 0);
    }

    private String taken(IntPredicate belongs) {
        int start = at;
        while (at < text.length() && belongs.test(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** {@return a parameter's value, quoted or not: servers also omit the quotes of values that need them, such as
     *  URLs}
     *
     *  @param ends what ends an unquoted value */
    String value(String ends) {
        if (!took('"')) {
            return until(ends);
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        took('"');
        return value.toString();
    }
}
