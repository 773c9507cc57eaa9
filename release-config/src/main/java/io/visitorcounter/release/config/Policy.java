package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an environment asks of its releases: the {@code release} part of its file. In no bundle.
 *
 *  @param promoteFrom the one environment that builds come from; empty: any build can be released here
 *  @param requireClean whether the config must be committed and the build made of a committed source
 *  @param confirm whether a person must confirm by naming the environment
 *  @param promoteHealthy for how long a build must have been healthy where it comes from, zero for any time; empty: it
 *      need not be deployed there
 *  @param deploy where releases run, sorted by name; none: this tool deploys none
 *  @param requireSignatureBy the principals of {@code allowed_signers} of whom one must sign each entry; empty: none need */
public record Policy(
        Optional<Environment> promoteFrom,
        boolean requireClean,
        boolean confirm,
        Optional<Duration> promoteHealthy,
        List<DeploySettings> deploy,
        List<String> requireSignatureBy) {

    /** Copies the lists. */
    public Policy {
        deploy = List.copyOf(deploy);
        requireSignatureBy = List.copyOf(requireSignatureBy);
    }

    /** A policy that deploys nothing and asks for no proof.
     *
     *  @param promoteFrom the one environment that builds come from; empty: any build can be released here
     *  @param requireClean whether the config must be committed and the build made of a committed source
     *  @param confirm whether a person must confirm by naming the environment */
    public Policy(Optional<Environment> promoteFrom, boolean requireClean, boolean confirm) {
        this(promoteFrom, requireClean, confirm, Optional.empty(), List.of(), List.of());
    }

    /** A policy as it was found.
     *
     *  @param policy what could be read of it
     *  @param faults what is wrong in the files, sorted by file and line; none if nothing is */
    public record Found(Policy policy, List<ConfigFault> faults) {

        /** Copies the list. */
        public Found {
            faults = List.copyOf(faults);
        }
    }

    /** {@return the policy that asks nothing} */
    public static Policy open() {
        return new Policy(Optional.empty(), false, false);
    }
}
