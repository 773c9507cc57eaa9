package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an environment requires of its releases: the {@code release} part of its file. Not in the bundle.
 *
 *  @param promoteFrom the one environment that builds come from; empty: any build can be released here
 *  @param requireClean whether the config must be committed and the build made from committed source
 *  @param confirm whether a person must confirm by naming the environment
 *  @param promoteHealthy how long a build must have been healthy in its source environment, zero for any time; empty:
 *      it need not be deployed there
 *  @param deploy where releases run, sorted by name; none: this tool deploys none
 *  @param requireSignatureBy principals of {@code allowed_signers}, one of whom must sign each entry; empty: no
 *      signature is needed
 *  @param build what must be proven about how a build was made
 *  @param approvals who must approve a release before it is made */
public record Policy(
        Optional<Environment> promoteFrom,
        boolean requireClean,
        boolean confirm,
        Optional<Duration> promoteHealthy,
        List<DeploySettings> deploy,
        List<String> requireSignatureBy,
        BuildRule build,
        ApprovalRule approvals) {

    /** Who must approve a release.
     *
     *  @param count how many people; 0: nobody
     *  @param by the principals of {@code allowed_signers} who may approve; each is a person */
    public record ApprovalRule(int count, List<String> by) {

        /** The rule that requires no approval. */
        public static final ApprovalRule NONE = new ApprovalRule(0, List.of());

        public ApprovalRule {
            by = List.copyOf(by);
        }
    }

    /** What must be proven about how a build was made.
     *
     *  @param by the principals, one of whom must have signed its provenance; empty: it needs none
     *  @param builder the builder that the provenance must name; empty: any */
    public record BuildRule(List<String> by, Optional<String> builder) {

        /** The rule that requires nothing. */
        public static final BuildRule NONE = new BuildRule(List.of(), Optional.empty());

        public BuildRule {
            by = List.copyOf(by);
        }
    }

    public Policy {
        deploy = List.copyOf(deploy);
        requireSignatureBy = List.copyOf(requireSignatureBy);
    }

    /** A policy that deploys nothing and asks for no proof, as 1.0.0 knew it. */
    public Policy(Optional<Environment> promoteFrom, boolean requireClean, boolean confirm) {
        this(
                promoteFrom,
                requireClean,
                confirm,
                Optional.empty(),
                List.of(),
                List.of(),
                BuildRule.NONE,
                ApprovalRule.NONE);
    }

    /** {@return the policy that requires nothing} */
    public static Policy open() {
        return new Policy(Optional.empty(), false, false);
    }
}
