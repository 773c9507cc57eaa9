package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Doctor;
import java.util.List;

final class DoctorCommand extends Command {

    private final Input<String> app = option("--app", "IMAGE", "A build to check too. Default: $RELEASE_APP");

    DoctorCommand() {
        super(
                "Show what is set up and what is missing; asks ledger and registry as a release would. Exits with 7 if anything is missing.",
                "Examples:",
                "  release doctor",
                "  release doctor --app counter-web/target/jib-image.tar");
    }

    @Override
    Output run(Session session) {
        List<Doctor.Finding> findings = new Doctor(session.workspace(true), version(), session::engine)
                .run(session.app(app), session.imagesPlace());
        boolean fine = findings.stream().allMatch(Doctor.Finding::fine);
        var json = Output.document("Doctor").put("fine", fine);
        var list = json.putArray("findings");
        findings.forEach(finding -> list.addObject()
                .put("subject", finding.subject())
                .put("fine", finding.fine())
                .put("text", finding.text()));
        return Output.of(json, printer -> printer.table(findings.stream().map(DoctorCommand::row)))
                .exiting(fine ? ExitCode.DONE : ExitCode.EXTERNAL);
    }

    private static List<String> row(Doctor.Finding finding) {
        return List.of(finding.fine() ? "ok" : "missing", finding.subject(), finding.text());
    }
}
