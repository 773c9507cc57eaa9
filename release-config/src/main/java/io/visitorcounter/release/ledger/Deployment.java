package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The start of a deployment of a release to a target. As long as it has no {@link DeploymentEnd} and its deadline has
 *  not passed, it is the lease of that target, and nobody else deploys there.
 *
 *  @param place the target
 *  @param subject what is deployed
 *  @param replaces the number of the last deployment at this target that ended healthy, to return to on failure; empty:
 *      none
 *  @param deadline when the lease ends by itself */
public record Deployment(
        EntryHeader header, Destination place, Subject subject, Optional<Integer> replaces, Instant deadline)
        implements Entry {

    /** Where a deployment goes.
     *
     *  @param target its name in the environment's file
     *  @param engine {@code kubernetes} or {@code swarm}
     *  @param where context and namespace or stack, for people */
    public record Destination(String target, String engine, String where) {}

    /** What a deployment deploys, by digest.
     *
     *  @param release the release's name
     *  @param entry its place in the chain of releases
     *  @param image the digest of the release image's manifest
     *  @param manifest the digest of the engine's manifest, which is next to the entry
     *  @param workload its name in the engine
     *  @param replicas how many processes; empty: left to the engine
     *  @param timeout the time limit for becoming healthy
     *  @param soak how long each process must stay ready
     *  @param secrets the engine's own version of each secret that the manifest names; never a value */
    public record Subject(
            ReleaseId release,
            EntryRef entry,
            Digest image,
            Digest manifest,
            String workload,
            Optional<Integer> replicas,
            Duration timeout,
            Duration soak,
            SortedMap<String, String> secrets) {

        public Subject {
            secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        }
    }

    @Override
    public String path() {
        return LedgerLayout.deployment(environment(), number());
    }

    /** {@return the name as people write it, {@code prod deployment 7}} */
    public String label() {
        return environment() + " deployment " + number();
    }
}
