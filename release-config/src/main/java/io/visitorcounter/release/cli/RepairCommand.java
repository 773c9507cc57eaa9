package io.visitorcounter.release.cli;

import io.visitorcounter.release.action.Repair;

final class RepairCommand extends Command {

    private final Input<Target> of = optionalArgument(
            "ENV[@vN]", Target::parse, "One environment's releases, or one release. Default: every release");
    private final Input<Boolean> dryRun = flag("--dry-run", "Print what would be restored, and write nothing");

    RepairCommand() {
        super(
                "Restore missing or damaged images and tags from the ledger.",
                "The ledger has the bundle, and the manifest and config of both images. So a deleted release image is rebuilt bit",
                "for bit, a moved tag is set back, and the app image keeps a tag that protects it from a cleanup of the registry.",
                "Only the app image's own layers must still be there.",
                "",
                "Examples:",
                "  release repair",
                "  release repair prod@v4 --dry-run");
    }

    @Override
    Output run(Session session) {
        Repair.Repaired done = new Repair(session.workspace(dryRun.value()))
                .run(of.given().map(Target::environment), of.given().flatMap(Target::version), dryRun.value());
        var json = Output.document("Repair").put("releases", done.releases()).put("dryRun", dryRun.value());
        done.repaired().forEach(json.putArray("repaired")::add);
        return Output.of(json, printer -> {
            done.repaired().forEach(line -> printer.line((dryRun.value() ? "missing   " : "repaired  ") + line));
            if (done.repaired().isEmpty()) {
                printer.line(
                        "nothing to repair in " + done.releases() + (done.releases() == 1 ? " release" : " releases"));
            }
        });
    }
}
