package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.DeployProgress;

/** Shows the progress of a deployment: a line on stderr for each change, or a JSON document on stdout. On a terminal,
 *  the line about processes is a growing bar. */
final class DeployLines {

    private static final int BAR = 10;
    private static final int LABEL = 9;

    private final ProcessContext context;
    private final Printer printer;
    private volatile boolean growing;
    private volatile boolean told;

    DeployLines(ProcessContext context, Printer printer) {
        this.context = context;
        this.printer = printer;
    }

    void tell(DeployProgress progress) {
        told |= progress.leg() == DeployProgress.Leg.APPLY;
        if (printer.isJsonLines()) {
            printer.json(json(progress));
            context.out().flush();
            return;
        }
        String seconds =
                progress.since().isZero() ? "" : "  " + progress.since().toSeconds() + " s";
        boolean bar = context.isErrTerminal() && progress.count().isPresent();
        String text = PrintableText.withoutPasswords(PrintableText.oneLine(label(word(progress))
                + (bar ? progress.count().map(DeployLines::bar).orElse("") : "")
                + progress.text()
                + seconds));
        if (bar) {
            context.overwrite(text);
            growing = true;
            return;
        }
        end();
        printer.note(text);
        progress.lines().forEach(line -> printer.note("         | " + line));
    }

    /** Says what happens to the deployment when a signal ends this process: nothing, if the engine was not told yet. */
    void left(Environment environment) {
        if (told) {
            end();
            context.err()
                    .println(label("left") + "the engine goes on by itself; release deploy " + environment
                            + " watches it again, release deploy " + environment + " --abort backs it out");
        }
    }

    /** Ends the line of the last bar, if there is one. */
    void end() {
        if (growing) {
            context.err().println();
            growing = false;
        }
    }

    /** {@return the word, padded to its column} */
    static String label(String word) {
        return word + " ".repeat(Math.max(1, LABEL - word.length()));
    }

    private static String word(DeployProgress progress) {
        return ValueReader.word(progress.leg());
    }

    private static String bar(DeployProgress.Count count) {
        int full = count.wanted() == 0 ? 0 : Math.min(BAR, BAR * count.ready() / count.wanted());
        return "[" + "#".repeat(full) + "-".repeat(BAR - full) + "] ";
    }

    private static ObjectNode json(DeployProgress progress) {
        ObjectNode json = Output.document("DeployProgress")
                .put("leg", word(progress))
                .put("text", PrintableText.withoutPasswords(PrintableText.oneLine(progress.text())))
                .put("seconds", progress.since().toSeconds());
        progress.count().ifPresent(count -> json.put("ready", count.ready()).put("wanted", count.wanted()));
        progress.lines().forEach(json.putArray("lines")::add);
        return json;
    }
}
