package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.Sleeper;
import io.visitorcounter.release.config.DeploySettings;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.engine.Forecast;
import io.visitorcounter.release.engine.Look;
import io.visitorcounter.release.engine.Rollout;
import io.visitorcounter.release.image.ImageDeclaration;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Deploys a release to where its environment runs: checks the gates, takes the lease, and follows
 *  {@link DeployCourse}. Nothing is written or applied before every gate has passed.
 *
 *  @param engines gives the engine of a target
 *  @param sleeper waits
 *  @param progress receives each change */
public record Deploy(
        Workspace workspace,
        Function<DeployTarget, Engine> engines,
        Sleeper sleeper,
        Consumer<DeployProgress> progress) {

    /** What is asked for.
     *
     *  @param environment where
     *  @param version which release; empty: the newest
     *  @param target which target; empty: the only one
     *  @param timeout the time limit for becoming healthy; empty: as the environment's file says
     *  @param options how */
    public record Request(
            Environment environment,
            Optional<Integer> version,
            Optional<String> target,
            Optional<Duration> timeout,
            DeployOptions options) {}

    /** {@return the result}
     *
     *  @throws ReleaseException.Refused if a gate is closed; nothing was written or applied
     *  @throws ReleaseException.Contention if another deployment is in progress there */
    public DeployResult run(Request request) {
        Environment environment = request.environment();
        DeployCourses courses = new DeployCourses(workspace, sleeper, progress);
        if (request.options().abort()) {
            // Backing out works even with a broken or missing file, which may be the reason for it.
            return new Abort(workspace, engines, courses)
                    .run(request, EnvironmentPolicy.readable(workspace, environment));
        }
        Policy policy = policy(environment);
        if (policy.deploy().isEmpty()) {
            return new DeployResult.NoEngine(environment);
        }
        DeploySettings settings = settings(policy, request);
        DeployTarget target = target(settings);
        RecordedRelease recorded = RecordedRelease.resolve(workspace.ledger().read(), environment, request.version());
        Gates gates = new Gates(workspace, environment, policy);
        hold(request, settings, gates, recorded);
        Manifest.Printed printed = manifest(recorded.id(), settings, request);
        Rollout wanted = rollout(printed, settings, request, recorded.release());
        Engine engine = engines.apply(target);
        DeploymentLease lease = new DeploymentLease(workspace, gates, sleeper, progress, request.options());
        Optional<DeploymentRecord.Course> last = lease.last(environment, target.name());
        if (!request.options().again() && last.isPresent() && isRunning(engine, last.get(), wanted)) {
            return new DeployResult.AlreadyUp(last.get().begun());
        }
        if (!request.options().dryRun()) {
            // What can't be recorded must not begin.
            gates.signer(workspace.now(workspace.deployments().readOrEmpty()));
            gates.confirmed(request.options().confirmation());
        }
        tell(
                DeployProgress.Leg.DEPLOY,
                recorded.id().label() + " to " + target.where()
                        + last.map(course -> ", after "
                                        + course.begun().subject().release().label())
                                .orElse(", the first there"));
        int next = lease.next(environment);
        Forecast forecast = engine.forecast(wanted.numbered(next));
        tell(DeployProgress.Leg.CHECK, String.join(", ", forecast.checked()));
        DeploymentLease.Wish wish = wish(recorded.release(), target, wanted, settings.soak(), forecast);
        if (request.options().dryRun()) {
            return new DeployResult.Foreseen(lease.foreseen(wish), forecast);
        }
        notAhead(engine, wanted, environment, next);
        Deployment deployment = lease.take(wish);
        Rollout rollout = wanted.numbered(deployment.number());
        return new DeployResult.Finished(
                deployment,
                courses.of(deployment, rollout, engine, gates, settings.url(), recorded.release())
                        .run());
    }

    private Policy policy(Environment environment) {
        if (!Render.environments(workspace).contains(environment)) {
            throw new ReleaseException.NotFound(environment + ": no such environment");
        }
        return EnvironmentPolicy.required(workspace, environment);
    }

    private static DeploySettings settings(Policy policy, Request request) {
        List<DeploySettings> targets = policy.deploy();
        String names = targets.stream().map(DeploySettings::name).collect(Collectors.joining("|"));
        Optional<String> wanted = request.target();
        if (wanted.isEmpty() && targets.size() > 1) {
            throw new ReleaseException.Usage("release deploy: --to: expected " + names + ", got none");
        }
        return targets.stream()
                .filter(each -> wanted.isEmpty() || each.name().equals(wanted.get()))
                .findFirst()
                .orElseThrow(() -> new ReleaseException.Usage(
                        "release deploy: --to: expected " + names + ", got " + wanted.orElseThrow()));
    }

    static DeployTarget target(DeploySettings settings) {
        return new DeployTarget(
                settings.name(), DeployTarget.Platform.of(settings.engine()), settings.context(), settings.space());
    }

    /** Throws if a gate is closed; checks the gates that need no engine and no person. */
    private void hold(Request request, DeploySettings settings, Gates gates, RecordedRelease recorded) {
        new SignedRelease(workspace, recorded.history()).require(recorded.release());
        gates.notFrozen(recorded.history());
        notOlder(request, settings, recorded.id());
        // Each is checked against the digest in the entry as it is read.
        recorded.image();
        recorded.bundle();
        new ImageRestore(workspace, recorded).requireThere();
    }

    private void notOlder(Request request, DeploySettings settings, ReleaseId id) {
        Optional<ReleaseId> running = BelievedDeployments.of(
                        workspace, workspace.deployments().readOrEmpty(), request.environment())
                .lastHealthy(settings.name())
                .map(course -> course.begun().subject().release());
        if (!request.options().again()
                && running.filter(newer -> newer.version() > id.version()).isPresent()) {
            throw new ReleaseException.Refused(id.label() + ": expected a release that is not older than "
                    + running.get().label() + ", which runs; release rollback " + request.environment() + " "
                    + "v" + id.version() + " makes a newer one of it, or pass --again");
        }
    }

    private Manifest.Printed manifest(ReleaseId id, DeploySettings settings, Request request) {
        return new Manifest(workspace)
                .run(
                        id.environment(),
                        Optional.of(id.version()),
                        target(settings).platform() == DeployTarget.Platform.SWARM
                                ? Manifest.Form.SWARM
                                : Manifest.Form.KUBERNETES,
                        // Nothing is claimed or published.
                        new Manifest.Scale(
                                settings.replicas(),
                                settings.memory(),
                                Optional.empty(),
                                "127.0.0.1",
                                settings.soak(),
                                request.timeout().orElse(settings.timeout())),
                        ImageDeclaration.Overrides.NONE);
    }

    private static Rollout rollout(
            Manifest.Printed printed, DeploySettings settings, Request request, Release release) {
        return new Rollout(
                1,
                printed.workload(),
                release.content().releaseImage().digest(),
                Yaml.text(printed.documents()),
                settings.replicas(),
                request.timeout().orElse(settings.timeout()));
    }

    private static boolean isRunning(Engine engine, DeploymentRecord.Course last, Rollout wanted) {
        Deployment begun = last.begun();
        if (!last.isHealthy() || !begun.subject().manifest().equals(wanted.manifestDigest())) {
            return false;
        }
        Look look = engine.look(wanted.numbered(begun.number()));
        return look.isComplete() && look.fence().deployment().equals(Optional.of(begun.number()));
    }

    /** Throws if the engine has a later deployment than the record: then it belongs to another ledger. */
    private static void notAhead(Engine engine, Rollout rollout, Environment environment, int next) {
        engine.look(rollout).fence().deployment().filter(there -> there >= next).ifPresent(there -> {
            throw new ReleaseException.Contention(
                    environment + ": " + engine.target().where() + " is at deployment " + there
                            + ", of which this ledger knows nothing; name the ledger that does with --ledger");
        });
    }

    private static DeploymentLease.Wish wish(
            Release release, DeployTarget target, Rollout wanted, Duration soak, Forecast forecast) {
        return new DeploymentLease.Wish(
                release.id().environment(),
                new Deployment.Destination(target.name(), target.platform().word(), target.where()),
                new Deployment.Subject(
                        release.id(),
                        EntryRef.to(release),
                        wanted.image(),
                        wanted.manifestDigest(),
                        wanted.workload(),
                        wanted.replicas(),
                        wanted.timeout(),
                        soak,
                        forecast.secrets()),
                wanted.manifest());
    }

    private void tell(DeployProgress.Leg leg, String text) {
        progress.accept(new DeployProgress(leg, text, Duration.ZERO, List.of()));
    }
}
