package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Approve;
import io.visitorcounter.release.action.AskedApprovals;
import io.visitorcounter.release.action.Endorse;
import io.visitorcounter.release.action.FreezeSwitch;
import io.visitorcounter.release.config.ConfigChange;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Prints results: lines for people, or one JSON object. */
record Printer(ProcessContext context, GlobalOptions options) {

    private static final int LABEL_WIDTH = 8;

    boolean isJson() {
        return options.isJson();
    }

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

    ObjectNode object(String kind) {
        return CanonicalJson.object()
                .put("schemaVersion", OutputForm.SCHEMA_VERSION)
                .put("kind", kind);
    }

    void json(ObjectNode json) {
        // These escapes are JSON's own, so a parser gets the same text.
        content(PrintableText.lines(options.text(json)));
    }

    /** A release in one aligned line, with short digests; {@code show} has the whole ones. */
    String line(Release release, String remark) {
        String label = release.id().label();
        return label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length()))
                + "  bundle " + release.content().bundle().shortText()
                + "  app " + release.app().shortText()
                + (remark.isEmpty() ? "" : "  (" + remark + ")");
    }

    void result(ActionResult result) {
        String word;
        List<String> warnings = List.of();
        Optional<String> signer = Optional.empty();
        Optional<AskedApprovals> approvals = Optional.empty();
        if (result instanceof ActionResult.Released released) {
            word = "released";
            warnings = released.warnings();
            signer = released.signer();
        } else if (result instanceof ActionResult.Predicted predicted) {
            word = "predicted";
            warnings = predicted.warnings();
            signer = predicted.signer();
            approvals = predicted.approvals();
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
            approvals.ifPresent(asked -> json.set("approvals", ReleaseJson.of(asked)));
            json(json);
            return;
        }
        line("release  " + line(release, remark(result)));
        signer.ifPresent(by -> line("signed   by " + by));
        approvals.ifPresent(asked -> approvals(
                asked,
                "; release approve " + release.environment()
                        + release.from().map(from -> " --from " + from).orElse("")));
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
        String how = release.origin() == Release.Origin.CREATED ? "new" : release.how();
        if (result instanceof ActionResult.Released) {
            return how;
        }
        if (result instanceof ActionResult.Kept) {
            return "kept";
        }
        return result instanceof ActionResult.Predicted ? "dry run: " + how + ", nothing written" : "unchanged";
    }

    private void approvals(AskedApprovals asked, String next) {
        boolean one = asked.needed() == 1;
        line("needs    " + asked.needed() + (one ? " approval" : " approvals") + ", of "
                + String.join(", ", asked.approvers()) + next);
        asked.given().forEach(by -> line("approved by " + by));
    }

    /** Prints the result of approving.
     *
     *  @param wanted the release that would be made */
    void approval(Release wanted, Approve.Given given) {
        if (isJson()) {
            var json = object("Approval")
                    .put("environment", wanted.environment().name())
                    .put("changed", given.written());
            given.approval().ifPresent(approval -> {
                json.set("entry", ReleaseJson.of(approval));
                json.put("entryDigest", Digest.of(approval.bytes()).text());
            });
            given.by().ifPresent(by -> json.put("signedBy", by));
            json.set("approvals", ReleaseJson.of(given.state()));
            json(json);
            return;
        }
        boolean predicted = given.approval().isPresent() && !given.written();
        line("approval "
                + line(
                        wanted,
                        predicted
                                ? "dry run: " + wanted.how() + ", nothing written"
                                : given.written() ? wanted.how() : "unchanged"));
        given.by().ifPresent(by -> line("signed   by " + by));
        approvals(given.state(), "");
        if (predicted) {
            given.approval().ifPresent(this::entry);
        }
    }

    /** Prints the result of signing an existing release. */
    void endorsement(Endorse.Endorsed endorsed) {
        Release release = endorsed.release();
        if (isJson()) {
            var json = object("Endorsement")
                    .put("environment", release.environment().name())
                    .put("release", release.id().toString())
                    .put("changed", endorsed.written());
            endorsed.endorsement().ifPresent(endorsement -> {
                json.set("entry", ReleaseJson.of(endorsement));
                json.put("entryDigest", Digest.of(endorsement.bytes()).text());
            });
            json(json.put("signedBy", endorsed.by()));
            return;
        }
        boolean predicted = endorsed.endorsement().isPresent() && !endorsed.written();
        line("signed   "
                + line(release, predicted ? "dry run: nothing written" : endorsed.written() ? "" : "unchanged"));
        line("signed   by " + endorsed.by());
        if (predicted) {
            endorsed.endorsement().ifPresent(this::entry);
        }
    }

    private static String rollback(Release release) {
        return release.id().label() + " is a rollback"
                + release.from().map(from -> " to " + from.label()).orElse("");
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
