package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Doctor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Say what is set up and what is missing. Exits with 7 if something is.",
        footer = {"", "Examples:", "  release doctor", "  release doctor --app counter-web/target/jib-image.tar"})
final class DoctorCommand implements Callable<Integer> {

    private final ReleaseCommand top;

    @Option(names = "--app", paramLabel = "IMAGE", description = "A build to look at too. Default: $RELEASE_APP")
    @Nullable String app;

    DoctorCommand(ReleaseCommand top) {
        this.top = top;
    }

    @Override
    public Integer call() {
        List<Doctor.Finding> findings = new Doctor(top.site()).run(top.app(app));
        boolean fine = findings.stream().allMatch(Doctor.Finding::fine);
        Printer printer = new Printer(top);
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
            findings.forEach(finding -> rows.add(
                    List.of(finding.fine() ? "ok" : "missing", finding.subject(), Sentences.oneLine(finding.text()))));
            printer.table(rows);
        }
        return (fine ? ExitCode.DONE : ExitCode.WORLD).code();
    }
}
