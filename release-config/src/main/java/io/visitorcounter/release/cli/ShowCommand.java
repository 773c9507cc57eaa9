package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
    Output run(Session session) {
        Target target = on.target();
        History history = new History(session.workspace());
        return deployment
                .given()
                .map(number -> of(history.deployment(target.environment(), number(target, number))))
                .orElseGet(() -> of(history.show(target.environment(), target.version())));
    }

    private static Output of(History.ReleaseDetail shown) {
        String config = new String(shown.bundle().files().get(Bundle.APP_CONF), StandardCharsets.UTF_8);
        var json = Output.document("Release")
                .put("newest", shown.newest().equals(shown.release().id()));
        json.set("release", ReleaseJson.of(shown.sourced()));
        json.put("appConf", config);
        shown.bundle().variables().forEach(json.putArray("variables")::add);
        return Output.of(json, printer -> printer.details(rows(shown).stream(), config));
    }

    /** The number of a deployment; empty: the newest. */
    private static Optional<Integer> number(Target target, String number) {
        if (target.version().isPresent() || !number.matches("latest|[1-9][0-9]{0,5}")) {
            throw new ReleaseException.Usage(
                    "release show: --deployment: expected an environment, and a number or latest");
        }
        return number.equals("latest") ? Optional.empty() : Optional.of(Integer.valueOf(number));
    }

    private static Output of(History.DeploymentDetail shown) {
        ObjectNode deployment =
                DeploymentJson.of(shown.course().begun(), shown.course().ended());
        var json = Output.document("Deployment");
        json.set("deployment", deployment);
        return Output.of(
                json.put("manifest", shown.manifest()),
                printer -> printer.details(
                        deployment.properties().stream()
                                .map(field ->
                                        List.of(field.getKey(), field.getValue().asText())),
                        shown.manifest()));
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
