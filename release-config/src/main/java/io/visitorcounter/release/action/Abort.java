package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.engine.DeployTarget;
import io.visitorcounter.release.engine.Engine;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Backs out the deployment in progress at the target where it began, whatever the environment's file says about that
 *  target now. */
record Abort(Workspace workspace, Function<DeployTarget, Engine> engines, DeployCourses courses) {

    /** {@return how it ended}
     *
     *  @param policy the environment's, from what can be read of its file */
    DeployResult run(Deploy.Request request, Policy policy) {
        Environment environment = request.environment();
        Snapshot history = workspace.deployments().readOrEmpty();
        DeploymentRecord record = new DeploymentRecord(history);
        List<Deployment> open = record.open(environment).stream()
                .filter(begun -> request.target()
                        .filter(name -> !name.equals(begun.place().target()))
                        .isEmpty())
                .toList();
        if (open.isEmpty()) {
            throw new ReleaseException.NotFound(environment + ": no deployment is under way"
                    + request.target().map(name -> " at " + name).orElse("") + ", so there is none to abort");
        }
        if (open.size() > 1) {
            throw new ReleaseException.Usage("release deploy: --to: expected "
                    + open.stream().map(begun -> begun.place().target()).collect(Collectors.joining("|"))
                    + ", got none");
        }
        Deployment begun = open.get(0);
        if (!BelievedDeployments.of(workspace, history, environment)
                .isBelieved(new DeploymentRecord.Course(begun, Optional.empty()))) {
            throw new ReleaseException.Refused(begun.label() + ": expected a signature by "
                    + String.join(" or ", policy.requireSignatureBy()) + ", got none; release deploy " + environment
                    + " --take-over gives it up");
        }
        Gates gates = new Gates(workspace, environment, policy);
        gates.signer(workspace.now(history));
        gates.confirmed(request.options().confirmation());
        Deployment.Destination place = begun.place();
        Engine engine = engines.apply(DeployTarget.recorded(place.target(), place.engine(), place.where()));
        DeployCourse course = courses.of(
                begun,
                DeployCourses.rollout(record, begun),
                engine,
                gates,
                Optional.empty(),
                workspace.ledger().read().get(begun.subject().release()));
        return new DeployResult.Finished(
                begun,
                course.backOut("aborted by " + workspace.by()
                        + request.options().why().map(why -> ": " + why).orElse("")));
    }
}
