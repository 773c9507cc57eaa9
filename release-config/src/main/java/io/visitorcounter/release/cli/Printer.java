package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.FreezeSwitch;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Prints results: lines for people, or one JSON object. */
final class Printer {

    private static final int LABEL_WIDTH = 8;

    private final ProcessContext context;
    private final GlobalOptions options;

    Printer(ProcessContext context, GlobalOptions options) {
        this.context = context;
        this.options = options;
    }

    boolean isJson() {
        return options.isJson();
    }

    void line(String text) {
        context.out().println(text);
    }

    /** To stderr: what is not a result. */
    void note(String text) {
        context.err().println(PrintableText.withoutPasswords(PrintableText.lines(text)));
    }

    ObjectNode object(String kind) {
        return CanonicalJson.object()
                .put("schemaVersion", OutputForm.SCHEMA_VERSION)
                .put("kind", kind);
    }

    void json(ObjectNode json) {
        line(CanonicalJson.text(json));
    }

    /** A release in one aligned line; its digests are short, {@code show} has them whole. */
    String line(Release release, String remark) {
        String label = release.id().label();
        return label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length()))
                + "  bundle " + release.content().bundle().shortText()
                + "  app " + release.content().appImage().digest().shortText()
                + (remark.isEmpty() ? "" : "  (" + remark + ")");
    }

    void result(ActionResult result) {
        String word;
        List<String> warnings = List.of();
        Optional<String> signer = Optional.empty();
        if (result instanceof ActionResult.Released released) {
            word = "released";
            warnings = released.warnings();
            signer = released.signer();
        } else if (result instanceof ActionResult.Predicted predicted) {
            word = "predicted";
            warnings = predicted.warnings();
            signer = predicted.signer();
        } else if (result instanceof ActionResult.Kept kept) {
            word = "kept";
            note("release: " + rollback(kept.release()) + ", and the files of "
                    + kept.release().id().environment()
                    + " differ from it; it stays until they are released without --keep-rollback");
        } else {
            word = "unchanged";
        }
        warnings.forEach(warning -> note("warning: " + warning));
        Release release = result.release();
        if (isJson()) {
            ObjectNode json = object("Outcome").put("outcome", word);
            json.set("release", ReleaseJson.of(release, Optional.empty()));
            var list = json.putArray("warnings");
            warnings.forEach(list::add);
            signer.ifPresent(by -> json.put("signedBy", by));
            json(json);
            return;
        }
        line("release  " + line(release, remark(result)));
        signer.ifPresent(by -> line("signed   by " + by));
        if (result instanceof ActionResult.Predicted) {
            line("image    " + release.content().releaseImage().name() + "  "
                    + release.content().releaseImage().digest());
            entry(release);
        }
    }

    /** What would be appended, byte for byte, with its digest. */
    private void entry(Entry entry) {
        line("entry    " + entry.path() + "  " + Digest.of(entry.bytes()));
        line(PrintableText.lines(new String(entry.bytes(), StandardCharsets.UTF_8).stripTrailing()));
    }

    private static String remark(ActionResult result) {
        Release release = result.release();
        String how = release.from()
                .map(from -> release.origin().word() + " from " + from.label())
                .orElse("new");
        if (result instanceof ActionResult.Released) {
            return how;
        }
        if (result instanceof ActionResult.Kept) {
            return "kept";
        }
        return result instanceof ActionResult.Predicted ? "dry run: " + how + ", nothing written" : "unchanged";
    }

    private static String rollback(Release release) {
        return release.id().label() + " is a rollback"
                + release.from().map(from -> " to " + from.label()).orElse("");
    }

    /** A key that differs, with a sign that says how, so that no colour is needed to read it. */
    String change(ConfigChange change, boolean colour) {
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
        return colour ? "\u001b[" + ansi + "m" + plain + "\u001b[0m" : plain;
    }

    boolean isColoured() {
        return context.isColoured();
    }

    void freeze(Environment environment, boolean frozen, FreezeSwitch.Turned turned) {
        if (isJson()) {
            var json = object("Freeze")
                    .put("environment", environment.name())
                    .put("frozen", frozen)
                    .put("changed", turned.written());
            turned.freeze().ifPresent(freeze -> {
                json.set("entry", ReleaseJson.of(freeze));
                json.put("entryDigest", Digest.of(freeze.bytes()).text());
            });
            json(json);
            return;
        }
        boolean predicted = turned.freeze().isPresent() && !turned.written();
        String remark = predicted ? "  (dry run: nothing written)" : turned.written() ? "" : "  (unchanged)";
        line(environment + ": " + (frozen ? "frozen" : "not frozen") + remark);
        if (predicted) {
            turned.freeze().ifPresent(this::entry);
        }
    }

    /** Columns as wide as their widest cell; the first row is the heading. */
    void table(List<List<String>> rows) {
        List<List<String>> cells = rows.stream()
                .map(row -> row.stream().map(PrintableText::oneLine).toList())
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
