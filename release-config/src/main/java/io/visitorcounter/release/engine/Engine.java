package io.visitorcounter.release.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** An engine that keeps processes running, at one target. It continues after its client has ended, replaces processes
 *  one by one, and keeps the old ones until the new ones are ready. No call caches its answer; each takes at most some
 *  seconds, and none waits for a rollout. Not thread-safe.
 *
 *  <p>Every call throws {@link io.visitorcounter.release.ReleaseException.Unreachable} if the engine's program is
 *  missing, does not answer in time, or can't reach the engine. If {@link #apply} or {@link #remove} throws it, the
 *  change may or may not be done: both can be called again. */
public interface Engine {

    /** {@return the engine of a target; no program is started yet}
     *
     *  @param adopt whether to take over fields of other owners, if the engine has owners
     *  @param variables the environment of the engine's program; its {@code PATH} finds the program */
    static Engine of(DeployTarget target, boolean adopt, Map<String, String> variables) {
        return switch (target.platform()) {
            case KUBERNETES -> new KubernetesEngine(target, adopt, variables);
            case SWARM -> new SwarmEngine(target, variables);
        };
    }

    /** {@return the target} */
    DeployTarget target();

    /** Checks every document of a rollout with the engine, and changes nothing.
     *
     *  @return what applying it would do
     *  @throws io.visitorcounter.release.ReleaseException.Refused if the engine would reject a document, a field
     *      belongs to another owner, or a secret that it names is missing */
    Forecast forecast(Rollout rollout);

    /** {@return the versions of the program and of the engine, with what an old version lacks} */
    String version();

    /** Sends a GET to each ready process of a rollout, through the engine.
     *
     *  @param path without a leading slash
     *  @return the answer of each, or the engine's error, by the process's name; empty: this engine can't send
     *      requests, the login may not, or the processes do not know the path */
    Optional<SortedMap<String, String>> ask(Rollout rollout, String path);

    /** {@return what runs of the rollout's workload now; {@link Look#nothing} if there is none}
     *
     *  @param rollout the one to compare it with */
    Look look(Rollout rollout);

    /** Tells the engine to run a rollout, and returns when the engine has accepted it. The workload then carries the
     *  rollout's number. Applying a rollout that already runs restarts no process.
     *
     *  @param before the rollout that it takes the place of, whose objects that it lacks are deleted, but never what
     *      keeps data; empty: none
     *  @param seen the fence, as it was just read
     *  @throws io.visitorcounter.release.ReleaseException.Contention if another has changed the workload since: nothing
     *      of the workload was changed
     *  @throws io.visitorcounter.release.ReleaseException.Refused if the engine does not take it */
    void apply(Rollout rollout, Optional<Rollout> before, Fence seen);

    /** Stops everything of a rollout, and keeps what holds data. Does nothing if nothing runs.
     *
     *  @param seen the fence, as it was just read
     *  @throws io.visitorcounter.release.ReleaseException.Contention if another has changed the workload since */
    void remove(Rollout rollout, Fence seen);

    /** {@return the last lines that a process wrote, oldest first; empty if it wrote none, or they can't be read}
     *
     *  @param task as a {@link Doom} names it
     *  @param lines the limit */
    List<String> logs(Rollout rollout, String task, int lines);

    /** {@return how the engine's objects differ from a rollout, a line each, with who owns the difference where the engine
     *      knows; empty: not at all} */
    List<String> drift(Rollout rollout);

    /** {@return the secrets that a rollout's manifest names, with the engine's own version of each; those that are missing,
     *      or can't be looked at, are left out} */
    SortedMap<String, String> secrets(Rollout rollout);
}
