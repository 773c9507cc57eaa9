package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Appended;
import io.visitorcounter.release.action.FreezeSwitch;
import io.visitorcounter.release.ledger.Freeze;
import java.util.Optional;

/** {@code freeze} and {@code unfreeze}. */
final class FreezeCommand extends Command {

    private final boolean frozen;
    private final Input<Environment> on = environment();
    private final Input<String> reason =
            requiredOption("--reason", "TEXT", String.class, "Why; it goes into the history");
    private final Input<Boolean> dryRun = flag("--dry-run", "Print what would be appended, and write nothing");

    private FreezeCommand(boolean frozen, String description, String example) {
        super(description, "Examples:", example);
        this.frozen = frozen;
    }

    static FreezeCommand beginning() {
        return new FreezeCommand(
                true,
                "Block releases to an environment until it is unfrozen.",
                "  release freeze prod --reason 'the audit, until Friday'");
    }

    static FreezeCommand ending() {
        return new FreezeCommand(
                false,
                "Allow releases to an environment again.",
                "  release unfreeze prod --reason 'the audit is over'");
    }

    @Override
    Output run(Session session) {
        String why = reason.value();
        if (why.isBlank()) {
            throw new ReleaseException.Usage("--reason: expected a reason, got " + (why.isEmpty() ? "none" : "blanks"));
        }
        Appended<Freeze> freeze = new FreezeSwitch(session.workspace(dryRun.value()))
                .run(on.value(), frozen, Optional.of(ReasonOption.checked(why)), dryRun.value());
        var json =
                Output.document("Freeze").put("environment", on.value().name()).put("frozen", frozen);
        ReleaseOutput.add(json, freeze, ReleaseJson::of);
        String remark = freeze.isPredicted() ? "  (dry run: nothing written)" : freeze.written() ? "" : "  (unchanged)";
        return Output.of(json, printer -> {
            printer.line(on.value() + ": " + (frozen ? "frozen" : "not frozen") + remark);
            ReleaseOutput.predicted(printer, freeze);
        });
    }
}
