package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.ActionResult;
import io.visitorcounter.release.action.Approve;
import io.visitorcounter.release.action.Create;
import io.visitorcounter.release.action.Import;
import io.visitorcounter.release.action.Promote;
import io.visitorcounter.release.action.ReleaseOptions;
import io.visitorcounter.release.action.Workspace;
import io.visitorcounter.release.image.DeclaredLabels;
import io.visitorcounter.release.ledger.Release;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

final class ApproveCommand extends Command {

    private final Input<Environment> on = environment();
    private final Input<Target> from = option(
            "--from",
            "ENV[@vN]",
            Target::parse,
            "Whose build is promoted. Default: the newest release of the environment that the file names in promote-from");
    private final Input<String> app = option("--app", "IMAGE", "The build, if release create makes the release");
    private final Input<Boolean> noContract = flag("--no-contract", "With --app, as for create");
    private final Input<List<String>> labels =
            repeatedOption("--label", "NAME=VALUE", "With --app, as for create. May be repeated");
    private final Input<Path> file =
            option("--import", "FILE", Path.class, "The file, if release import makes the release");
    private final Input<String> trust = option("--trust-ledger", "sha256:…", "With --import, as for import");
    private final ReasonOption reason = new ReasonOption(this);
    private final Input<Boolean> dryRun = flag("--dry-run", "Print what would be approved, and write nothing");

    ApproveCommand() {
        super(
                "Approve a release before it is made, with your own key (--signing-key).",
                "If an environment's file says require-approvals, a release needs that many people's approval of exactly this",
                "build with exactly this config. An approval is for the next release only. A rollback needs none.",
                "",
                "Examples:",
                "  release approve prod --signing-key ~/.ssh/id_ed25519      # what release promote prod would release",
                "  release approve prod --from test@v7 --dry-run",
                "  release approve dev --app registry.example/counter-web@sha256:…",
                "  release approve prod --import prod-v12.tar");
    }

    @Override
    Output run(Session session) {
        if (Stream.of(from, app, file).filter(each -> each.given().isPresent()).count() > 1) {
            throw new ReleaseException.Usage("release approve: expected one of --from, --app and --import, got more");
        }
        Optional<String> why = reason.given();
        Workspace workspace = session.workspace(dryRun.value());
        // Predicted without the key: the approver need not be the releaser.
        ActionResult result = predicted(session, workspace.unsigned());
        if (!(result instanceof ActionResult.Predicted)) {
            // There is nothing to approve: it is already released.
            return ReleaseOutput.of(result, session.printer());
        }
        Release wanted = result.release();
        Approve.Given given = new Approve(workspace).run(wanted, why, dryRun.value());
        var json = Output.document("Approval")
                .put("environment", wanted.environment().name());
        ReleaseOutput.add(json, given.approval(), ReleaseJson::of);
        given.by().ifPresent(by -> json.put("signedBy", by));
        json.set("approvals", ReleaseJson.of(given.state()));
        String remark = given.approval().isPredicted()
                ? "dry run: " + wanted.how() + ", nothing written"
                : given.approval().written() ? wanted.how() : "unchanged";
        return Output.of(json, printer -> {
            printer.line("approval " + ReleaseOutput.line(wanted, remark));
            given.by().ifPresent(by -> printer.line("signed   by " + by));
            ReleaseOutput.approvals(printer, given.state(), "");
            ReleaseOutput.predicted(printer, given.approval());
        });
    }

    private ActionResult predicted(Session session, Workspace workspace) {
        ReleaseOptions options = new ReleaseOptions(Optional.empty(), environment -> Optional.empty(), false, true);
        if (app.given().isPresent()) {
            return new Create(workspace)
                    .run(new Create.Request(
                            on.value(),
                            app.given().map(session::app).orElseThrow(),
                            noContract.value(),
                            Optional.empty(),
                            DeclaredLabels.parse(labels.given().orElse(List.of())),
                            options));
        }
        if (file.given().isPresent()) {
            return new Import(workspace)
                    .run(new Import.Request(
                            session.path(file.value()),
                            session.imagesPlace(),
                            trust.given().map(ImportCommand::digest),
                            false,
                            options));
        }
        return new Promote(workspace)
                .run(
                        new Promote.Request(
                                from.given().map(Target::environment),
                                from.given().flatMap(Target::version),
                                on.value(),
                                Optional.empty(),
                                options),
                        preview -> PromoteCommand.show(session.printer(), preview));
    }
}
