package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.ReleaseOptions;
import java.util.Optional;

/** The options of every command that makes or deploys a release. */
final class ReleasingOptions {

    private final ReasonOption reason;
    private final Input<String> confirm;
    private final Input<Boolean> dryRun;

    ReleasingOptions(Command of) {
        this(of, "released");
    }

    /** The same, for a command that does something else with a release.
     *
     *  @param of the command
     *  @param done its verb, as a past participle */
    ReleasingOptions(Command of, String done) {
        reason = new ReasonOption(of);
        confirm = of.option(
                "--confirm",
                "ENV",
                "The environment's name again, if its file requires confirmation. Default: asked for on a"
                        + " terminal");
        dryRun = of.flag("--dry-run", "Print what would be " + done + ", and write nothing");
    }

    /** {@return how to release} */
    ReleaseOptions options(Session session) {
        return options(session, false);
    }

    /** The same, for a command that can keep a rollback. */
    ReleaseOptions options(Session session, boolean keepRollback) {
        return new ReleaseOptions(
                reason.given(),
                environment -> confirm.given().or(() -> ask(session, environment)),
                keepRollback,
                dryRun());
    }

    boolean dryRun() {
        return dryRun.value();
    }

    private static Optional<String> ask(Session session, Environment environment) {
        return session.context().ask(environment + ": this releases to " + environment + "; its name again to go on: ");
    }
}
