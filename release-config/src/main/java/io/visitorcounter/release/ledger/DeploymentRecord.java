package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The history of deployments at one moment: a {@link Snapshot} of their branch, read as what it is.
 *
 *  @param snapshot of the branch of the deployments */
public record DeploymentRecord(Snapshot snapshot) {

    /** A deployment, and how it ended.
     *
     *  @param begun how it began
     *  @param ended how it ended; empty: it is in progress, or the process that began it is gone */
    public record Course(Deployment begun, Optional<DeploymentEnd> ended) {

        /** {@return whether it ended healthy} */
        public boolean isHealthy() {
            return ended.map(end -> end.result() == DeploymentEnd.Result.HEALTHY)
                    .orElse(false);
        }

        /** {@return whether it has not ended by its deadline} */
        public boolean isOverdue(Instant now) {
            return ended.isEmpty() && now.isAfter(begun.deadline());
        }
    }

    /** {@return every environment that has a deployment, sorted} */
    public List<Environment> environments() {
        return snapshot.environments();
    }

    /** {@return the number of the environment's newest deployment; 0 if it has none} */
    public int newest(Environment environment) {
        // The names have six digits, so git's order is numerical.
        return snapshot.names(environment.name()).stream()
                .filter(name -> name.matches("[0-9]{6}"))
                .reduce((earlier, later) -> later)
                .map(Integer::valueOf)
                .orElse(0);
    }

    /** {@return a deployment; empty if there is none} */
    public Optional<Course> find(Environment environment, int number) {
        return snapshot.find(LedgerLayout.deployment(environment, number), Deployment.class)
                .map(begun -> new Course(
                        begun, snapshot.find(LedgerLayout.deploymentEnd(environment, number), DeploymentEnd.class)));
    }

    /** {@return the environment's deployments, newest first} */
    public List<Course> history(Environment environment, int limit) {
        return newestFirst(environment).limit(limit).toList();
    }

    // Each is read only when requested.
    private Stream<Course> newestFirst(Environment environment) {
        return IntStream.iterate(newest(environment), number -> number > 0, number -> number - 1)
                .mapToObj(number -> find(environment, number))
                .flatMap(Optional::stream);
    }

    /** {@return the newest deployment at a target; empty if there was none} */
    public Optional<Course> last(Environment environment, String target) {
        return last(environment, target, course -> true);
    }

    /** {@return the newest deployment at a target that ended healthy; empty if none did} */
    public Optional<Course> lastHealthy(Environment environment, String target) {
        return last(environment, target, Course::isHealthy);
    }

    /** {@return the newest matching deployment at a target} */
    public Optional<Course> last(Environment environment, String target, Predicate<Course> wanted) {
        return newestFirst(environment)
                .filter(course -> course.begun().place().target().equals(target))
                .filter(wanted)
                .findFirst();
    }

    /** {@return the deployments without an end that are the newest at their target, sorted by the target's name} */
    public List<Deployment> open(Environment environment) {
        return lasts(environment).stream()
                .filter(course -> course.ended().isEmpty())
                .map(Course::begun)
                .toList();
    }

    /** {@return the newest deployment at each target that ever had one, sorted by the target's name} */
    public List<Course> lasts(Environment environment) {
        SortedMap<String, Course> lasts = new TreeMap<>();
        newestFirst(environment)
                .forEach(course -> lasts.putIfAbsent(course.begun().place().target(), course));
        return List.copyOf(lasts.values());
    }

    /** {@return the manifest that a deployment's engine was given, byte for byte}
     *
     *  @throws ReleaseException.VerificationFailed if it is missing, or does not match the entry's digest */
    public String manifest(Deployment deployment) {
        String path = LedgerLayout.folder(deployment.environment(), deployment.number()) + "/" + LedgerLayout.MANIFEST;
        byte[] bytes =
                snapshot.file(path).orElseThrow(() -> wrong(path, "expected what the engine was given, got none"));
        Digest digest = Digest.of(bytes);
        if (!digest.equals(deployment.subject().manifest())) {
            throw wrong(path, "expected " + deployment.subject().manifest() + ", got " + digest);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@return the files next to a deployment's entry that do not belong there} */
    public List<String> strays(Deployment deployment) {
        String folder = LedgerLayout.folder(deployment.environment(), deployment.number());
        return snapshot.names(folder).stream()
                .flatMap(name -> LedgerLayout.SIGNED_OF_DEPLOYMENT.contains(name)
                        ? snapshot.names(folder + "/" + name).stream()
                                .filter(each -> !each.equals(LedgerLayout.SIGNATURES))
                                .map(each -> name + "/" + each)
                        : Stream.of(name).filter(each -> !LedgerLayout.OF_DEPLOYMENT.contains(each)))
                .toList();
    }

    private ReleaseException wrong(String path, String what) {
        return new ReleaseException.VerificationFailed(snapshot + ": " + path + ": " + what);
    }
}
