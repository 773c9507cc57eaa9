package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at what is set up and what is missing, and writes nothing. */
public final class Doctor {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public Doctor(Workspace workspace) {
        this.workspace = workspace;
    }

    /** One thing that was looked at.
     *
     *  @param subject what
     *  @param fine whether it is as it should be
     *  @param text what was found; where it is not fine, with the next step */
    public record Finding(String subject, boolean fine, String text) {}

    /** {@return what was found, in the order in which one would set it up}
     *
     *  @param app the app image that would be released; empty: none was named */
    public List<Finding> run(Optional<String> app) {
        List<Finding> findings = new ArrayList<>();
        findings.add(look("java", () -> Runtime.version() + " at " + System.getProperty("java.home")));
        findings.add(look("environments", () -> {
            List<Environment> environments = Render.environments(workspace);
            if (environments.isEmpty()) {
                throw new ReleaseException.NotFound(
                        workspace.environments() + ": no environment; write one, such as dev.conf");
            }
            return workspace.environments() + ": "
                    + String.join(
                            ", ", environments.stream().map(Environment::name).toList());
        }));
        findings.add(look(
                "ledger",
                () -> workspace
                        .ledger()
                        .readIfThere()
                        .map(history -> workspace.ledger() + ": " + entries(history))
                        .orElse(workspace.ledger() + ": none yet; the first release creates it")));
        findings.add(look(
                "images", () -> workspace.images() + ": " + workspace.images().state()));
        app.ifPresent(reference -> findings.add(look("app image", () -> {
            var image = workspace.images().look(reference);
            var contract = AppContract.of(reference, image, false);
            return reference + ": " + image.digest().shortText() + ", "
                    + image.layers().size() + " layers, a contract of "
                    + contract.keys().size() + " keys";
        })));
        return findings;
    }

    private static String entries(Snapshot history) {
        return history.head()
                .map(head -> head.sequence() + (head.sequence() == 1 ? " entry" : " entries"))
                .orElse("empty");
    }

    private static Finding look(String subject, Supplier<String> look) {
        try {
            return new Finding(subject, true, look.get());
        } catch (ReleaseException e) {
            return new Finding(subject, false, String.valueOf(e.getMessage()));
        }
    }
}
