package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.config.ConfigChange;
import java.util.List;
import java.util.stream.Stream;

/** Prints lines for people, and JSON documents. */
record Printer(ProcessContext context, GlobalOptions options) {

    /** {@return whether progress too is printed as JSON documents, one on each line} */
    boolean isJsonLines() {
        return options.isJsonLines();
    }

    /** Prints a line for people, made safe by {@link PrintableText}. */
    void line(String text) {
        content(PrintableText.withoutPasswords(PrintableText.lines(text)));
    }

    /** Prints exactly these characters, for other programs to read. */
    void content(String text) {
        context.out().println(text);
    }

    /** Prints to stderr what is not a result. */
    void note(String text) {
        context.err().println(PrintableText.withoutPasswords(PrintableText.lines(text)));
    }

    /** Prints what is valid, but probably a mistake, to stderr. */
    void warning(String text) {
        note("warning: " + text);
    }

    /** Prints the form of an output that the user asked for. */
    void print(Output output) {
        (options.isJson() ? output.json() : output.text()).accept(this);
    }

    void json(ObjectNode document) {
        // These escapes are JSON's own, so a parser gets the same text.
        content(PrintableText.lines(options.text(document)));
    }

    /** Prints a key that differs, with a sign for how, so that it can be read without colour. */
    void change(ConfigChange change) {
        content(line(change, context.isColoured()));
    }

    /** The same to stderr, for a change that would be made. */
    void foreseen(ConfigChange change) {
        context.err().println(line(change, context.isErrColoured()));
    }

    private static String line(ConfigChange change, boolean colour) {
        String text = switch (change.kind()) {
            case ADDED -> "+ " + change.key() + ": " + change.after().orElse("");
            case REMOVED -> "- " + change.key() + ": " + change.before().orElse("");
            case CHANGED ->
                "~ " + change.key() + ": " + change.before().orElse("") + " → "
                        + change.after().orElse("");
        };
        int ansi = switch (change.kind()) {
            case ADDED -> 32;
            case REMOVED -> 31;
            case CHANGED -> 33;
        };
        String plain = PrintableText.oneLine(text);
        return "  " + (colour ? "\u001b[" + ansi + "m" + plain + "\u001b[0m" : plain);
    }

    /** Prints a table of details, and below it a whole file. */
    void details(Stream<List<String>> rows, String file) {
        table(rows);
        line("");
        content(PrintableText.lines(file.stripTrailing()));
    }

    void table(List<String> heading, Stream<List<String>> rows) {
        table(Stream.concat(Stream.of(heading), rows));
    }

    /** Columns as wide as their widest cell. */
    void table(Stream<List<String>> rows) {
        List<List<String>> cells = rows.map(
                        row -> row.stream().map(PrintableText::oneLine).toList())
                .toList();
        int[] widths = new int[cells.get(0).size()];
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(i == 0 ? "" : "  ").append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i))));
            }
            line(line.toString().stripTrailing());
        }
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
