package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.config.EnvironmentFiles;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Holds what runs to what was recorded: at every target of every environment. */
public final class Running {

    private final Workspace workspace;
    private final Function<DeployTarget, Engine> engines;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user
     *  @param engines gives the engine of a target */
    public Running(Workspace workspace, Function<DeployTarget, Engine> engines) {
        this.workspace = workspace;
        this.engines = engines;
    }

    /** One target.
     *
     *  @param environment whose
     *  @param target its name
     *  @param where it is
     *  @param healthy the last deployment that ended healthy there; empty: none did
     *  @param look what runs there now; empty: nothing was ever deployed there, or it can't be reached
     *  @param differences from what was recorded, a line each; empty: none */
    public record TargetStatus(
            Environment environment,
            String target,
            String where,
            Optional<Deployment> healthy,
            Optional<Look> look,
            List<String> differences) {}

    /** {@return a line for every target, sorted}
     *
     *  @param only one environment's; empty: all */
    public List<TargetStatus> run(Optional<Environment> only) {
        Optional<DeploymentRecord> record =
                workspace.deployments().readIfThere().map(DeploymentRecord::new);
        List<TargetStatus> lines = new ArrayList<>();
        for (Environment environment : Render.environments(workspace)) {
            if (only.isEmpty() || only.get().equals(environment)) {
                Policy policy = new EnvironmentFiles(workspace.environments())
                        .policy(environment)
                        .policy();
                for (DeploySettings settings : policy.deploy()) {
                    lines.add(line(record, environment, Deploy.target(settings)));
                }
            }
        }
        return lines;
    }

    private TargetStatus line(Optional<DeploymentRecord> record, Environment environment, DeployTarget target) {
        List<String> differences = new ArrayList<>();
        Optional<DeploymentRecord.Course> last = record.flatMap(known -> known.last(environment, target.name()));
        Optional<Deployment> healthy = record.flatMap(known -> known.lastHealthy(environment, target.name()))
                .map(DeploymentRecord.Course::begun);
        last.flatMap(this::remark).ifPresent(differences::add);
        Optional<Look> look = Optional.empty();
        try {
            if (healthy.isPresent()) {
                Engine engine = engines.apply(target);
                Rollout rollout = Deploy.rollout(record.orElseThrow(), healthy.get());
                look = Optional.of(engine.look(rollout));
                int newest = record.orElseThrow().newest(environment);
                differences.addAll(differences(healthy.get(), look.get(), newest));
                differences.addAll(engine.drift(rollout));
                differences.addAll(rotated(healthy.get(), engine.secrets(rollout)));
            }
        } catch (ReleaseException.Unreachable e) {
            differences.add(String.valueOf(e.getMessage()));
        }
        return new TargetStatus(environment, target.name(), target.where(), healthy, look, differences);
    }

    /** What is to be said of a deployment that is not the healthy one. */
    private Optional<String> remark(DeploymentRecord.Course last) {
        String what = last.begun().subject().release().label();
        if (last.isHealthy()) {
            return Optional.empty();
        }
        if (last.ended().isEmpty()) {
            return Optional.of(what + " begun by " + last.begun().audit().by() + " "
                    + last.begun().audit().at() + ", "
                    + (last.isOverdue(workspace.clock().instant()) ? "overdue" : "under way"));
        }
        return last.ended()
                .map(end -> what + " " + end.result().word() + " " + end.audit().at()
                        + end.reason().map(reason -> " (" + reason + ")").orElse(""));
    }

    private static List<String> differences(Deployment healthy, Look look, int newest) {
        List<String> differences = new ArrayList<>();
        Optional<Integer> number = look.fence().deployment();
        if (look.fence().version().isEmpty()) {
            return List.of("nothing runs");
        }
        if (number.isEmpty() || number.get() > newest || number.get() < healthy.number()) {
            differences.add(
                    "deployment " + number.map(String::valueOf).orElse("without a number") + " is in no record here");
        }
        for (Digest other : look.digests().keySet()) {
            if (!other.equals(healthy.subject().image())) {
                differences.add("image " + other.shortText() + " runs, and "
                        + healthy.subject().image().shortText() + " was recorded");
            }
        }
        if (look.ready() < look.wanted()) {
            differences.add(look.ready() + " of " + look.wanted() + " ready");
        }
        healthy.subject()
                .replicas()
                .filter(count -> count != look.wanted())
                .ifPresent(
                        count -> differences.add(look.wanted() + " replicas wanted, and " + count + " were recorded"));
        look.doom().ifPresent(doom -> differences.add(doom.task() + ": " + doom.reason()));
        return differences;
    }

    private static List<String> rotated(Deployment healthy, Map<String, String> now) {
        List<String> rotated = new ArrayList<>();
        healthy.subject().secrets().forEach((name, version) -> {
            String there = now.get(name);
            if (there != null && !there.equals(version)) {
                rotated.add("secret " + name + " was changed since; the processes have the one before");
            }
        });
        return rotated;
    }
}
