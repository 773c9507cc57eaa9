package io.visitorcounter.release.cli;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.action.Doctor;
import java.util.ArrayList;
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
    int run(Session session) {
        List<Doctor.Finding> findings = new Doctor(session.workspace(true), version(), session::engine)
                .run(session.app(app), session.imagesPlace());
        boolean fine = findings.stream().allMatch(Doctor.Finding::fine);
        Printer printer = session.printer();
        if (printer.isJson()) {
            var json = printer.object("Doctor").put("fine", fine);
            var list = json.putArray("findings");
            findings.forEach(finding -> list.addObject()
                    .put("subject", finding.subject())
                    .put("fine", finding.fine())
                    .put("text", finding.text()));
            printer.json(json);
        } else {
            List<List<String>> rows = new ArrayList<>();
            findings.forEach(finding -> rows.add(List.of(
                    finding.fine() ? "ok" : "missing", finding.subject(), PrintableText.oneLine(finding.text()))));
            printer.table(rows);
        }
        return (fine ? ExitCode.DONE : ExitCode.EXTERNAL).code();
    }
}
