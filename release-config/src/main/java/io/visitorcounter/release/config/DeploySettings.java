package io.visitorcounter.release.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where and how an environment's releases run: its {@code release.deploy}, or one of its {@code deploy.targets}. In no
 *  bundle.
 *
 *  @param name of the target; {@value #ONLY} if the file names none
 *  @param engine {@code kubernetes} or {@code swarm}
 *  @param context the cluster's name for the engine's program; empty: the current one
 *  @param space the namespace of Kubernetes, or the stack of Swarm
 *  @param replicas how many processes; empty: {@code auto}, left to an autoscaler
 *  @param memory the limit of each, in MiB
 *  @param timeout the time limit for becoming healthy
 *  @param soak how long every process must stay ready before the next is replaced
 *  @param url the address that users use; empty: no requests are made */
public record DeploySettings(
        String name,
        String engine,
        Optional<String> context,
        String space,
        Optional<Integer> replicas,
        int memory,
        Duration timeout,
        Duration soak,
        Optional<URI> url) {

    /** The name of an environment's only target. */
    public static final String ONLY = "default";
}
