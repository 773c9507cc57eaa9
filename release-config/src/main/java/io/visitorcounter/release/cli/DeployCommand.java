package io.visitorcounter.release.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.action.Deploy;
import io.visitorcounter.release.action.DeployOptions;
import io.visitorcounter.release.action.DeployResult;
import io.visitorcounter.release.action.ReleaseOptions;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

final class DeployCommand extends Command {

    private final OneRelease on = OneRelease.of(this);
    private final Input<String> target = option("--to", "TARGET", "Which target. Default: the only one");
    private final Input<Integer> timeout = option(
            "--timeout",
            "SECONDS",
            int.class,
            "The time limit for becoming healthy. Default: as the environment's file says");
    private final Input<Integer> wait =
            option("--wait", "SECONDS", int.class, "60", "How long to wait for another deployment to end. Default: 60");
    private final Input<Boolean> again =
            flag("--again", "Apply what runs already, or an older release over a newer one");
    private final Input<Boolean> adopt =
            flag("--adopt", "On Kubernetes, take back fields of ours that another field manager has changed");
    private final Input<Boolean> takeOver = flag("--take-over", "Give up the deployment in progress, and begin");
    private final Input<Boolean> abort = flag("--abort", "Back out the deployment in progress, and do nothing else");
    private final ReleasingOptions releasing = new ReleasingOptions(this, "deployed");

    DeployCommand() {
        super(
                "Bring a release up where its environment runs, on Kubernetes or Docker Swarm, and back it out if it"
                        + " is not healthy.",
                "Examples:",
                "  release deploy test",
                "  release deploy prod@v12 --dry-run    # what would change; changes nothing",
                "  release deploy prod --abort          # back out the deployment in progress",
                "",
                "The environment's file says where: release { deploy { engine = kubernetes, context = prod-eu } }. The old",
                "processes serve until the new ones are ready. Healthy means: every replica of this release, by image digest,",
                "has been ready for the soak time without a restart, no other replica is left, and the url that users open",
                "answers with this release, ten times in a row. Otherwise, what the last healthy deployment applied is",
                "applied again. If this command is killed at any moment, the next release deploy continues.");
    }

    @Override
    Output run(Session session) {
        Target of = on.target();
        Printer printer = session.printer();
        DeployLines lines = new DeployLines(session.context(), printer);
        ReleaseOptions given = releasing.options(session);
        var deploy = new Deploy(
                session.workspace(releasing.dryRun()),
                at -> session.engine(at, adopt.value()),
                time -> Thread.sleep(time.toMillis()),
                lines::tell);
        DeployResult result = deploy(
                lines,
                of.environment(),
                () -> deploy.run(new Deploy.Request(
                        of.environment(),
                        of.version(),
                        target.given(),
                        timeout.given().map(seconds -> seconds("--timeout", seconds, 1)),
                        new DeployOptions(
                                given.why(),
                                given.confirmation(),
                                releasing.dryRun(),
                                again.value(),
                                takeOver.value(),
                                abort.value(),
                                seconds("--wait", wait.value(), 0)))));
        return output(printer, result);
    }

    /** Runs, and if a signal ends this process, says what happens to the deployment. */
    private static DeployResult deploy(DeployLines lines, Environment environment, Supplier<DeployResult> run) {
        Thread last = new Thread(() -> lines.left(environment), "interrupted");
        Runtime.getRuntime().addShutdownHook(last);
        try {
            return run.get();
        } finally {
            lines.end();
            try {
                Runtime.getRuntime().removeShutdownHook(last);
            } catch (IllegalStateException ending) {
                // A signal has just arrived: its message is true for an ended deployment as well.
                lines.end();
            }
        }
    }

    private static Duration seconds(String option, int seconds, int min) {
        if (seconds < min) {
            throw new ReleaseException.Usage(
                    "release deploy: " + option + ": expected " + min + " or more seconds, got " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static Output output(Printer printer, DeployResult result) {
        if (result instanceof DeployResult.Finished finished) {
            return ended(finished.begun(), finished.ended());
        }
        if (result instanceof DeployResult.AlreadyUp running) {
            Deployment begun = running.begun();
            return output(
                    "running",
                    DeploymentJson.of(begun, Optional.empty()),
                    List.of(),
                    begun.subject().release().label() + "  runs already, as " + begun.label() + " brought it up");
        }
        if (result instanceof DeployResult.Foreseen foreseen) {
            foreseen.forecast().notes().forEach(note -> printer.note("note     " + note));
            return foreseen(foreseen.begun(), foreseen.forecast().difference());
        }
        return output(
                "no-engine",
                null,
                List.of(),
                ((DeployResult.NoEngine) result).environment()
                        + ": nothing to deploy to; its file has no release.deploy.engine, or it is none");
    }

    private static Output ended(Deployment begun, DeploymentEnd end) {
        String word = end.result().word();
        String line = begun.subject().release().label() + "  " + word + " after "
                + end.figures().seconds() + " s"
                + end.reason().map(reason -> ": " + reason).orElse("")
                + (end.result() == DeploymentEnd.Result.HEALTHY
                        ? ""
                        : end.running().map(id -> "; " + id.label() + " serves").orElse("; nothing is known to serve"));
        return output(word, DeploymentJson.of(begun, Optional.of(end)), List.of(), line)
                .exiting(
                        switch (end.result()) {
                            case HEALTHY -> ExitCode.DONE;
                            case BACKED_OUT -> ExitCode.UNHEALTHY;
                            case FAILED -> ExitCode.NOT_BACKED_OUT;
                            case ABANDONED, SUPERSEDED -> ExitCode.CONTENTION;
                        });
    }

    private static Output foreseen(Deployment begun, List<String> difference) {
        return output(
                "predicted",
                DeploymentJson.of(begun, Optional.empty()),
                difference,
                begun.subject().release().label() + "  would be deployment " + begun.number() + ", to "
                        + begun.place().where()
                        + begun.replaces()
                                .map(number -> ", after deployment " + number)
                                .orElse(", the first there"));
    }

    private static Output output(
            String outcome, @Nullable ObjectNode deployment, List<String> difference, String line) {
        var json = Output.document("DeployOutcome").put("outcome", outcome);
        if (deployment != null) {
            json.set("deployment", deployment);
        }
        return Output.of(json, printer -> {
            difference.forEach(printer::line);
            printer.line(DeployLines.label("deploy") + line);
        });
    }
}
