package io.visitorcounter.web.page;

import io.visitorcounter.web.health.Release;
import io.visitorcounter.web.http.Answer;
import java.util.Locale;

/** {@code GET /} for a person. */
public final class Page {

    private final String greeting;
    private final Release release;

    /** Makes pages.
     *
     *  @param greeting the heading
     *  @param release which release runs */
    public Page(String greeting, Release release) {
        this.greeting = greeting;
        this.release = release;
    }

    /** {@return the page with this number on it} */
    public Answer of(long number) {
        String name = release.name();
        return Answer.ok("text/html; charset=utf-8", """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark">
                <title>%1$s</title>
                <main>
                <h1>%1$s</h1>
                <p>Visitor Count: <strong>%2$s</strong></p>
                <footer><p>%3$s</p></footer>
                </main>
                </html>
                """.formatted(
                        escaped(greeting),
                        String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f'),
                        escaped(name == null ? "no release" : "release " + name)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
