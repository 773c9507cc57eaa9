package io.visitorcounter.release.cli;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.action.Confirmation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that makes a release. */
final class ReleasingOptions {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it goes into the history")
    @Nullable String reason;

    @Option(
            names = "--confirm",
            paramLabel = "ENV",
            description = "The environment that gets the release, again, where its file asks for it."
                    + " Default: asked for on a terminal")
    @Nullable String confirm;

    @Option(names = "--dry-run", description = "Print what would be released, and write nothing")
    boolean dryRun;

    Optional<String> why() {
        return Arguments.words(reason);
    }

    Confirmation confirmation(ReleaseCommand top) {
        return environment -> Optional.ofNullable(confirm).or(() -> ask(top, environment));
    }

    private static Optional<String> ask(ReleaseCommand top, Environment environment) {
        return top.surroundings.ask(environment + ": this releases to " + environment + "; its name again to go on: ");
    }
}
