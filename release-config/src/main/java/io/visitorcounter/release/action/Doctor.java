package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Checks what is set up and what is missing, contacts ledger and registry as a release would, and releases nothing.
 *
 *  @param version of this tool
 *  @param engines gives the engine of a target */
public record Doctor(Workspace workspace, String version, Function<DeployTarget, Engine> engines) {

    // Clocks that are synchronized over the network differ by less.
    private static final Duration MAX_CLOCK_LEAD = Duration.ofMinutes(2);
    // Older than this tool; git itself can't represent a time before 1970.
    private static final Instant EARLIEST = Instant.parse("2024-01-01T00:00:00Z");

    /** One check.
     *
     *  @param subject what was checked
     *  @param fine whether it is as it should be
     *  @param text what was found; if it is not fine, with the next step */
    public record Finding(String subject, boolean fine, String text) {}

    /** {@return the findings, in the order in which one would set things up}
     *
     *  @param app the app image that would be released; empty: none was given
     *  @param images where release images would be put: a folder, or a registry's host and name; empty: the default
     *      folder */
    public List<Finding> run(Optional<String> app, Optional<String> images) {
        List<Finding> findings = new ArrayList<>();
        findings.add(look("tool", () -> version));
        findings.add(look("java", () -> Runtime.version() + " at " + System.getProperty("java.home")));
        findings.add(look("environments", this::environments));
        findings.add(look("ledger", this::ledger));
        findings.add(look("append", this::append));
        findings.add(look("clock", this::clock));
        if (workspace.signing().isUsed()) {
            findings.add(look("signing", this::signing));
        }
        findings.add(look("images", () -> workspace.images().state(images)));
        findings.addAll(targets());
        app.ifPresent(reference -> findings.add(look("app image", () -> app(reference))));
        return findings;
    }

    private String environments() {
        List<Environment> environments = Render.environments(workspace);
        if (environments.isEmpty()) {
            throw new ReleaseException.NotFound(
                    workspace.environments() + ": no environment; write one, such as dev.conf");
        }
        for (Environment environment : environments) {
            EnvironmentConfig config = Render.read(workspace, environment);
            config.faultTexts().stream().findFirst().ifPresent(fault -> {
                throw new ReleaseException.ConfigInvalid(List.of(fault + "; see release check " + environment));
            });
        }
        return workspace.environments() + ": "
                + String.join(", ", environments.stream().map(Environment::name).toList());
    }

    /** Checks whether each engine that the environments' files name answers, and what it is. */
    private List<Finding> targets() {
        List<Finding> findings = new ArrayList<>();
        for (Environment environment : Render.environments(workspace)) {
            EnvironmentConfig files = Render.read(workspace, environment);
            // Faults in the files are reported by the check of the environments.
            List<DeploySettings> targets =
                    files.faultTexts().isEmpty() ? files.policy().deploy() : List.of();
            for (DeploySettings settings : targets) {
                DeployTarget target = Deploy.target(settings);
                findings.add(look(
                        environment + " on " + target.where(),
                        () -> engines.apply(target).version()));
            }
        }
        return findings;
    }

    private String ledger() {
        return workspace
                .ledger()
                .readIfThere()
                .map(history -> workspace.ledger() + ": " + entries(history))
                .orElse(workspace.ledger() + ": none yet; the first release creates it");
    }

    private static String entries(Snapshot history) {
        return history.head()
                .map(head -> head.sequence() + (head.sequence() == 1 ? " entry" : " entries"))
                .orElse("empty");
    }

    private String append() {
        workspace.ledger().obstacle().ifPresent(text -> {
            throw new ReleaseException.Unreachable(text);
        });
        return workspace.by() + " can append";
    }

    private String signing() {
        Instant now = workspace.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return workspace
                .signing()
                .own(now, List.of())
                .map(own -> own.key().verifying().fingerprint() + " signs for "
                        + String.join(", ", own.line().principals())
                        + (own.line().comment().isEmpty()
                                ? ""
                                : ", " + own.line().comment())
                        + own.line().before().map(until -> ", until " + until).orElse(", without an end")
                        + (own.key().isOpenToOthers() ? "; others can read its file, chmod 600 ends that" : ""))
                .orElseGet(() ->
                        "no key here; " + workspace.signing().signers().lines().size() + " lines in "
                                + workspace.signing().signers().file());
    }

    private String clock() {
        Instant now = workspace.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        if (now.isBefore(EARLIEST)) {
            throw new ReleaseException.Unreachable(now + ": expected the time of today; set this machine's clock");
        }
        Snapshot history = workspace.ledger().readOrEmpty();
        Optional<Entry> newest = history.head().map(head -> history.entry(head.path()));
        newest.map(Entry::at).filter(at -> at.isAfter(now.plus(MAX_CLOCK_LEAD))).ifPresent(at -> {
            throw new ReleaseException.Unreachable(now + ": the newest entry is of " + at
                    + ", which is later; set this machine's clock, or the" + " one that made "
                    + newest.orElseThrow().path());
        });
        return now.toString();
    }

    private String app(String reference) {
        var image = workspace.images().find(reference).image();
        var contract = AppContract.of(reference, image, false);
        return reference + ": " + image.digest().shortText() + ", "
                + image.layers().size() + " layers, a contract of "
                + contract.keys().size() + " keys";
    }

    private static Finding look(String subject, Supplier<String> look) {
        try {
            return new Finding(subject, true, look.get());
        } catch (ReleaseException e) {
            return new Finding(subject, false, String.valueOf(e.getMessage()));
        }
    }
}
