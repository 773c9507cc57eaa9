package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Appended;
import io.visitorcounter.release.action.AskedApprovals;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** What several commands say about a release, its approvals, and entries that were or would be appended. */
final class ReleaseOutput {

    private static final int LABEL_WIDTH = 8;

    private ReleaseOutput() {}

    /** {@return the output of a command that makes a release}
     *
     *  @param printer gets the warnings now */
    static Output of(ActionResult result, Printer printer) {
        Release release = result.release();
        if (result instanceof ActionResult.Kept) {
            printer.note("release: " + release.id().label() + " is a rollback"
                    + release.from().map(from -> " to " + from.label()).orElse("") + ", and the files of "
                    + release.environment() + " differ from it; it stays until they are released without"
                    + " --keep-rollback");
        }
        result.warnings().forEach(printer::warning);
        ObjectNode json = Output.document("Outcome").put("outcome", word(result));
        json.set("release", ReleaseJson.of(release, Optional.empty()));
        result.warnings().forEach(json.putArray("warnings")::add);
        result.signer().ifPresent(by -> json.put("signedBy", by));
        result.approvals().ifPresent(asked -> json.set("approvals", ReleaseJson.of(asked)));
        return Output.of(json, to -> print(to, result));
    }

    private static void print(Printer printer, ActionResult result) {
        Release release = result.release();
        printer.line("release  " + line(release, remark(result)));
        result.signer().ifPresent(by -> printer.line("signed   by " + by));
        result.approvals()
                .ifPresent(asked -> approvals(
                        printer,
                        asked,
                        "; release approve " + release.environment()
                                + release.from().map(from -> " --from " + from).orElse("")));
        if (result instanceof ActionResult.Predicted) {
            Release.ImageName image = release.content().releaseImage();
            printer.line("image    " + image.name() + "  " + image.digest());
            entry(printer, release);
        }
    }

    private static String word(ActionResult result) {
        if (result instanceof ActionResult.Released) {
            return "released";
        }
        if (result instanceof ActionResult.Predicted) {
            return "predicted";
        }
        return result instanceof ActionResult.Kept ? "kept" : "unchanged";
    }

    private static String remark(ActionResult result) {
        Release release = result.release();
        String how = release.origin() == Release.Origin.CREATED ? "new" : release.how();
        if (result instanceof ActionResult.Released) {
            return how;
        }
        return result instanceof ActionResult.Predicted ? "dry run: " + how + ", nothing written" : word(result);
    }

    /** A release in one aligned line, with short digests; {@code show} has the whole ones. */
    static String line(Release release, String remark) {
        String label = release.id().label();
        return label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length()))
                + "  bundle " + release.content().bundle().shortText()
                + "  app " + release.app().shortText()
                + (remark.isEmpty() ? "" : "  (" + remark + ")");
    }

    static void approvals(Printer printer, AskedApprovals asked, String next) {
        boolean one = asked.needed() == 1;
        printer.line("needs    " + asked.needed() + (one ? " approval" : " approvals") + ", of "
                + String.join(", ", asked.approvers()) + next);
        asked.given().forEach(by -> printer.line("approved by " + by));
    }

    /** Adds to a JSON document what was or would be appended. */
    static <E extends Entry> void add(ObjectNode json, Appended<E> appended, Function<E, ObjectNode> form) {
        json.put("changed", appended.written());
        appended.entry().ifPresent(entry -> {
            json.set("entry", form.apply(entry));
            json.put("entryDigest", Digest.of(entry.bytes()).text());
        });
    }

    /** What would be appended, byte for byte, with its digest. */
    static void entry(Printer printer, Entry entry) {
        printer.line("entry    " + entry.path() + "  " + Digest.of(entry.bytes()));
        printer.line(PrintableText.lines(new String(entry.bytes(), StandardCharsets.UTF_8).stripTrailing()));
    }

    /** Prints the entry that would be appended, if this was a dry run. */
    static void predicted(Printer printer, Appended<?> appended) {
        appended.entry().filter(entry -> appended.isPredicted()).ifPresent(entry -> entry(printer, entry));
    }
}
