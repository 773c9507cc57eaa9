package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Confirmation;
import java.util.Optional;

/** The options of every command that makes a release. */
final class ReleasingOptions {

    private final Input<String> reason;
    private final Input<String> confirm;
    private final Input<Boolean> dryRun;

    ReleasingOptions(Command of) {
        reason = of.option("--reason", "TEXT", "Why; it goes into the history");
        confirm = of.option(
                "--confirm",
                "ENV",
                "The environment that gets the release, again, where its file asks for it. Default: asked for on a"
                        + " terminal");
        dryRun = of.flag("--dry-run", "Print what would be released, and write nothing");
    }

    /** {@return what a user said; empty where that was nothing or blank, as a form's empty field is} */
    Optional<String> why() {
        return reason.given().filter(text -> !text.isBlank());
    }

    Confirmation confirmation(ReleaseCommand top) {
        return environment -> confirm.given().or(() -> ask(top, environment));
    }

    boolean dryRun() {
        return dryRun.value();
    }

    private static Optional<String> ask(ReleaseCommand top, Environment environment) {
        return top.context.ask(environment + ": this releases to " + environment + "; its name again to go on: ");
    }
}
