package io.visitorcounter.web.http;

import java.util.Locale;

/** A piece of HTML or SVG text. */
public final class Markup {

    private Markup() {}

    /** {@return the text, escaped for use between tags and in quoted attributes, without the characters that XML
     *  forbids} */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        allowed(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** {@return the text without the characters that XML forbids} */
    public static String allowed(String text) {
        return text.codePoints()
                .filter(c -> (c >= ' ' || c == '\t' || c == '\n')
                        && (c < 0xd800 || c > 0xdfff)
                        && c != 0xfffe
                        && c != 0xffff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@return the number, its thousands separated by narrow spaces} */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }
}
