package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Policy;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.LedgerLayout;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** The gate before every use of a release: it must be signed and approved as its environment's file requires. If the
 *  file requires nothing, nothing is checked. */
record SignedRelease(Workspace workspace, Snapshot history) {

    /** Throws unless the environment's newest release and this one are signed as its file requires. A release from
     *  before the first signature is fine if the chain, which the newest signature vouches for, still contains it.
     *
     *  @throws ReleaseException.Refused if it is not
     *  @throws ReleaseException.ConfigInvalid if the file's requirements can't be read
     *  @throws ReleaseException.VerificationFailed if a signature or the chain is wrong */
    void require(Release release) {
        Environment environment = release.id().environment();
        Policy policy = EnvironmentPolicy.required(workspace, environment);
        requireBuild(environment, policy.build());
        if (!policy.requireSignatureBy().isEmpty()) {
            requireSignature(release, policy.requireSignatureBy());
        }
        if (policy.approvals().count() > 0) {
            requireApprovals(release, policy.approvals());
        }
    }

    private void requireApprovals(Release release, Policy.ApprovalRule rule) {
        Environment environment = release.environment();
        ApprovalGate approved = new ApprovalGate(history, workspace.signing().signers(), environment, rule);
        approved.fault(history.resolve(environment, Optional.empty()))
                .or(() -> approved.fault(release))
                .ifPresent(fault -> {
                    throw new ReleaseException.Refused(fault);
                });
    }

    private void requireSignature(Release release, List<String> principals) {
        SignatureCheck check = new SignatureCheck(history, workspace.signing().signers());
        Release newest = history.resolve(release.environment(), Optional.empty());
        refuseUnsigned(check, newest, principals);
        if (!newest.equals(release) && !isSigned(check, release, principals)) {
            if (!check.of(release).isEmpty()) {
                refuseUnsigned(check, release, principals);
            }
            legacy(check, release, principals);
        }
    }

    // A rollback may use a build from before the requirement: an outage need not wait for a proof.
    private void requireBuild(Environment environment, Policy.BuildRule rule) {
        Release newest = history.resolve(environment, Optional.empty());
        if (rule.by().isEmpty() || !RecordedRelease.origin(history, newest).equals(newest)) {
            return;
        }
        Optional<String> fault = new RecordedRelease(history, newest)
                .proof()
                .map(known -> new BuildProof(
                                environment, rule, workspace.signing().signers())
                        .fault(
                                newest.id().label() + ": image/" + LedgerLayout.APP_PROVENANCE,
                                known.bytes(),
                                newest.app(),
                                known.at()))
                .orElse(Optional.of("none"));
        fault.ifPresent(got -> {
            throw new ReleaseException.Refused(newest.id().label() + ": expected a provenance of its build by "
                    + String.join(" or ", rule.by()) + ", got " + (got.isEmpty() ? "another statement" : got));
        });
    }

    private void legacy(SignatureCheck check, Release release, List<String> principals) {
        HashChain chain = HashChain.walk(history);
        if (!chain.faults().isEmpty()) {
            throw new ReleaseException.VerificationFailed(chain.faults());
        }
        List<Entry> older = chain.entries()
                .subList(chain.entries().indexOf(release), chain.entries().size());
        if (older.stream()
                .filter(each -> each.environment().equals(release.id().environment()))
                .anyMatch(each -> isSigned(check, each, principals))) {
            refuseUnsigned(check, release, principals);
        }
    }

    private boolean isSigned(SignatureCheck check, Entry entry, List<String> principals) {
        return check.isSignedBy(entry, principals)
                || (entry instanceof Release release
                        && new Endorsements(history, release).isSignedBy(check, principals));
    }

    private void refuseUnsigned(SignatureCheck check, Release release, List<String> principals) {
        if (isSigned(check, release, principals)) {
            return;
        }
        List<EntrySignature> found = check.of(release);
        String got = found.stream()
                .findFirst()
                .map(each -> each.fault()
                        .orElseGet(() -> "one by " + each.signer().orElseThrow().label()))
                .orElse("none");
        throw new ReleaseException.Refused(
                release.id().label() + ": expected a signature by " + String.join(" or ", principals) + ", got " + got);
    }
}
