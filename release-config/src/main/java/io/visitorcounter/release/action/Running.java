package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.config.EnvironmentConfig;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Compares what runs with what was recorded, at every target of every environment.
 *
 *  @param engines gives the engine of a target */
public record Running(Workspace workspace, Function<DeployTarget, Engine> engines) {

    /** One target.
     *
     *  @param environment the one that it belongs to
     *  @param target its name; empty if the file is invalid and nothing was deployed
     *  @param where it is; empty if the name is
     *  @param healthy the last deployment that ended healthy there; empty: none did
     *  @param look what runs there now; empty: nothing was ever deployed there, or it can't be reached
     *  @param differences from what was recorded, one line each; empty: none */
    public record TargetStatus(
            Environment environment,
            String target,
            String where,
            Optional<Deployment> healthy,
            Optional<Look> look,
            List<String> differences) {

        private TargetStatus with(String difference) {
            List<String> all = new ArrayList<>(List.of(difference));
            all.addAll(differences);
            return new TargetStatus(environment, target, where, healthy, look, all);
        }
    }

    /** {@return the status of every target that an environment's file names, and of every other one where a deployment
     *  of this ledger still runs; sorted by environment} */
    public List<TargetStatus> run() {
        DeploymentRecord record = new DeploymentRecord(workspace.deployments().readOrEmpty());
        Set<Environment> withFile = Set.copyOf(Render.environments(workspace));
        Set<Environment> environments = new TreeSet<>(withFile);
        environments.addAll(record.environments());
        List<TargetStatus> lines = new ArrayList<>();
        for (Environment environment : environments) {
            lines.addAll(lines(record, environment, withFile.contains(environment)));
        }
        return lines;
    }

    private List<TargetStatus> lines(DeploymentRecord record, Environment environment, boolean hasFile) {
        List<TargetStatus> lines = new ArrayList<>();
        if (!hasFile) {
            lines.addAll(unnamed(record, environment, Set.of(), "the environment has no file any more"));
            return lines;
        }
        EnvironmentConfig files = Render.read(workspace, environment);
        if (!files.faultTexts().isEmpty()) {
            // The faults may concern its targets.
            String invalid = "config is invalid: " + files.faultTexts().get(0);
            lines.addAll(unnamed(record, environment, Set.of(), invalid));
            if (lines.isEmpty()) {
                lines.add(new TargetStatus(environment, "", "", Optional.empty(), Optional.empty(), List.of(invalid)));
            }
            return lines;
        }
        Set<String> named = new HashSet<>();
        for (DeploySettings settings : files.policy().deploy()) {
            named.add(settings.name());
            lines.add(line(record, environment, Deploy.target(settings)));
        }
        lines.addAll(unnamed(record, environment, named, "no target of its file any more"));
        return lines;
    }

    /** {@return the status of each target where the last healthy deployment still runs, though the file no longer names
     *  it}
     *
     *  @param named the targets that the file names
     *  @param why the remark for these targets */
    private List<TargetStatus> unnamed(
            DeploymentRecord record, Environment environment, Set<String> named, String why) {
        List<TargetStatus> lines = new ArrayList<>();
        for (DeploymentRecord.Course last : record.lasts(environment)) {
            Deployment.Destination place = last.begun().place();
            if (!named.contains(place.target())) {
                TargetStatus line =
                        line(record, environment, DeployTarget.recorded(place.target(), place.engine(), place.where()));
                // If nothing is left, or nothing answers, it is taken to be shut down on purpose.
                if (line.look()
                        .filter(look -> look.fence().version().isPresent())
                        .isPresent()) {
                    lines.add(line.with(why));
                }
            }
        }
        return lines;
    }

    private TargetStatus line(DeploymentRecord record, Environment environment, DeployTarget target) {
        List<String> differences = new ArrayList<>();
        Optional<DeploymentRecord.Course> last = record.last(environment, target.name());
        Optional<Deployment> healthy =
                record.lastHealthy(environment, target.name()).map(DeploymentRecord.Course::begun);
        last.flatMap(course -> DeploymentRemarks.of(course, workspace.clock().instant()))
                .ifPresent(differences::add);
        healthy.map(begun -> begun.place().where())
                .filter(where -> !where.equals(target.where()))
                .ifPresent(where -> differences.add("was deployed to " + where));
        Optional<Look> look = Optional.empty();
        try {
            if (healthy.isPresent()) {
                Engine engine = engines.apply(target);
                Rollout rollout = DeployCourses.rollout(record, healthy.get());
                look = Optional.of(engine.look(rollout));
                int newest = record.newest(environment);
                differences.addAll(differences(healthy.get(), look.get(), newest));
                // A later deployment that was backed out left only its number there.
                Optional<Integer> number =
                        look.get().fence().deployment().filter(there -> isOnRecord(there, healthy.get(), newest));
                differences.addAll(engine.drift(number.map(rollout::numbered).orElse(rollout)));
                differences.addAll(rotated(healthy.get(), engine.secrets(rollout)));
            }
        } catch (ReleaseException.Unreachable e) {
            differences.add(String.valueOf(e.getMessage()));
        }
        return new TargetStatus(environment, target.name(), target.where(), healthy, look, differences);
    }

    private static List<String> differences(Deployment healthy, Look look, int newest) {
        List<String> differences = new ArrayList<>();
        Optional<Integer> number = look.fence().deployment();
        if (look.fence().version().isEmpty()) {
            return List.of("nothing runs");
        }
        if (number.filter(there -> isOnRecord(there, healthy, newest)).isEmpty()) {
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

    private static boolean isOnRecord(int number, Deployment healthy, int newest) {
        return number >= healthy.number() && number <= newest;
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
