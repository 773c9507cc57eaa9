package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.History;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.ledger.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class ShowCommand extends Command {

    private final ReleaseCommand top;
    private final OneRelease on = new OneRelease(this);

    ShowCommand(ReleaseCommand top) {
        super(
                "Show one release: what it is made of, who made it when and why, and its config.",
                "Examples:",
                "  release show prod",
                "  release show prod@v12 --output json");
        this.top = top;
    }

    @Override
    int run() {
        History.ReleaseDetail shown = new History(top.workspace())
                .show(on.target().environment(), on.target().version());
        Release release = shown.release();
        Printer printer = new Printer(top);
        String config = new String(shown.bundle().files().get(Bundle.APP_CONF), StandardCharsets.UTF_8);
        if (printer.isJson()) {
            var json = printer.object("Release").put("newest", shown.newest().equals(release.id()));
            json.set("release", printer.release(release));
            json.put("appConf", config);
            var variables = json.putArray("variables");
            shown.bundle().variables().forEach(variables::add);
            printer.json(json);
            return ExitCode.DONE.code();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "release",
                release.id().label()
                        + (shown.newest().equals(release.id())
                                ? ""
                                : "  (newest: " + shown.newest().label() + ")")));
        rows.add(List.of(
                "what",
                release.origin().word()
                        + release.from().map(from -> " from " + from.label()).orElse("")));
        rows.add(List.of("when", release.audit().at().toString()));
        rows.add(List.of("by", Sentences.oneLine(release.audit().by())));
        release.audit().why().ifPresent(why -> rows.add(List.of("why", Sentences.oneLine(why))));
        rows.add(List.of(
                "image",
                release.content().releaseImage().digest() + "  "
                        + release.content().releaseImage().name()));
        rows.add(List.of(
                "app",
                release.content().appImage().digest() + "  "
                        + release.content().appImage().name()));
        rows.add(List.of("bundle", release.content().bundle().text()));
        release.content().contract().ifPresent(digest -> rows.add(List.of("contract", digest.text())));
        release.content()
                .config()
                .ifPresent(commit -> rows.add(List.of(
                        "config", commit.commit() + (commit.clean() ? "" : " and changes that are not committed"))));
        release.content().sbom().ifPresent(digest -> rows.add(List.of("sbom", digest.text())));
        rows.add(List.of("entry", shown.digest() + "  number " + release.sequence() + " of the ledger"));
        if (!shown.bundle().variables().isEmpty()) {
            rows.add(List.of("needs", String.join(", ", shown.bundle().variables())));
        }
        printer.table(rows);
        printer.line("");
        printer.line(config.stripTrailing());
        return ExitCode.DONE.code();
    }
}
