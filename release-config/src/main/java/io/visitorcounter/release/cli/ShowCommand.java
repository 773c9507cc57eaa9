package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.History;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.ledger.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class ShowCommand extends Command {

    private final OneRelease on = OneRelease.of(this);

    private final Input<String> deployment =
            option("--deployment", "N", "One of the environment's deployments, by its number, or latest");

    ShowCommand() {
        super(
                "Show one release: what it is made of, who made it when and why, and its config; or one deployment.",
                "Examples:",
                "  release show prod",
                "  release show prod@v12 --output json",
                "  release show prod --deployment latest");
    }

    @Override
    int run(Session session) {
        Target target = on.target();
        if (deployment.given().isPresent()) {
            return showDeployment(session, target, deployment.given().get());
        }
        History.ReleaseDetail shown = new History(session.workspace()).show(target.environment(), target.version());
        Printer printer = session.printer();
        String config = new String(shown.bundle().files().get(Bundle.APP_CONF), StandardCharsets.UTF_8);
        if (printer.isJson()) {
            var json = printer.object("Release")
                    .put("newest", shown.newest().equals(shown.release().id()));
            json.set("release", ReleaseJson.of(shown.sourced()));
            json.put("appConf", config);
            shown.bundle().variables().forEach(json.putArray("variables")::add);
            printer.json(json);
        } else {
            printer.table(rows(shown));
            printer.line("");
            printer.content(PrintableText.lines(config.stripTrailing()));
        }
        return ExitCode.DONE.code();
    }

    private static int showDeployment(Session session, Target target, String number) {
        if (target.version().isPresent() || !number.matches("latest|[1-9][0-9]{0,5}")) {
            throw new ReleaseException.Usage(
                    "release show: --deployment: expected an environment, and a number or latest");
        }
        History.DeploymentDetail shown = new History(session.workspace())
                .deployment(
                        target.environment(),
                        number.equals("latest") ? Optional.empty() : Optional.of(Integer.valueOf(number)));
        Printer printer = session.printer();
        ObjectNode json =
                DeploymentJson.of(shown.course().begun(), shown.course().ended());
        if (printer.isJson()) {
            ObjectNode whole = printer.object("Deployment");
            whole.set("deployment", json);
            printer.json(whole.put("manifest", shown.manifest()));
        } else {
            List<List<String>> rows = new ArrayList<>();
            json.properties()
                    .forEach(field ->
                            rows.add(List.of(field.getKey(), field.getValue().asText())));
            printer.table(rows);
            printer.line("");
            printer.content(PrintableText.lines(shown.manifest().stripTrailing()));
        }
        return ExitCode.DONE.code();
    }

    private static List<List<String>> rows(History.ReleaseDetail shown) {
        Release release = shown.release();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "release",
                release.id().label()
                        + (shown.newest().equals(release.id())
                                ? ""
                                : "  (newest: " + shown.newest().label() + ")")));
        rows.add(List.of("what", release.how()));
        rows.add(List.of("when", release.at().toString()));
        rows.add(List.of("by", release.audit().by()));
        release.audit().why().ifPresent(why -> rows.add(List.of("why", why)));
        if (!shown.sourced().approvedBy().isEmpty()) {
            rows.add(List.of(
                    "approved", "by " + String.join(", ", shown.sourced().approvedBy())));
        }
        rows.addAll(contentRows(release.content()));
        shown.sourced().source().ifPresent(commit -> rows.add(List.of("source", commit)));
        rows.add(List.of("entry", shown.digest() + "  number " + release.sequence() + " of the ledger"));
        if (!shown.bundle().variables().isEmpty()) {
            rows.add(List.of("needs", String.join(", ", shown.bundle().variables())));
        }
        return rows;
    }

    private static List<List<String>> contentRows(Release.Content content) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("image", image(content.releaseImage())));
        rows.add(List.of("app", image(content.appImage())));
        rows.add(List.of("bundle", content.bundle().text()));
        content.contract().ifPresent(digest -> rows.add(List.of("contract", digest.text())));
        content.config()
                .ifPresent(commit -> rows.add(List.of(
                        "config", commit.commit() + (commit.clean() ? "" : " and changes that are not committed"))));
        content.sbom().ifPresent(digest -> rows.add(List.of("sbom", digest.text())));
        return rows;
    }

    private static String image(Release.ImageName image) {
        return image.digest() + "  " + image.name();
    }
}
