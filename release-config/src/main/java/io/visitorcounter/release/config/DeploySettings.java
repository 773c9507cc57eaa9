package io.visitorcounter.release.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where and how an environment's releases run: its {@code release.deploy}, or one of its {@code deploy.targets}. In no
 *  bundle.
 *
 *  @param name of the target; {@value #ONLY} where the file names none
 *  @param engine {@code kubernetes} or {@code swarm}
 *  @param context what the engine's program calls the cluster; empty: whichever is the current one
 *  @param space the namespace of Kubernetes, or the stack of Swarm
 *  @param replicas how many processes; empty: {@code auto}, left to an autoscaler
 *  @param memory what each gets at most, in MiB
 *  @param timeout the whole way to healthy
 *  @param soak how long every process must stay ready before the next is replaced
 *  @param url what users use; empty: nothing is asked there */
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
