package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Deployment;
import io.visitorcounter.release.ledger.DeploymentRecord;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The verified chain of the deployments: each entry, the files next to it, and the release that it names.
 *
 *  @param entries how many it has
 *  @param faults what is wrong, one line each
 *  @param notes what could not be checked, and why
 *  @param signatures of its entries, newest entry first */
record DeploymentChain(int entries, List<String> faults, List<String> notes, List<EntrySignature> signatures) {

    /** {@return the current chain; without entries if nothing was deployed}
     *
     *  @param releases the history of the releases that it names */
    static DeploymentChain walked(Workspace workspace, Snapshot releases) {
        Snapshot history = workspace.deployments().readOrEmpty();
        HashChain chain = HashChain.walk(history);
        List<String> faults = new ArrayList<>(chain.faults());
        DeploymentRecord record = new DeploymentRecord(history);
        chain.entries().forEach(entry -> {
            if (entry instanceof Deployment deployment) {
                faults.addAll(faults(releases, record, deployment));
            }
        });
        SignatureWalk signatures = new SignatureWalk(workspace, history, chain.entries(), entry -> true, false);
        signatures.faults().forEach(fault -> faults.add("deployments: " + fault));
        return new DeploymentChain(
                chain.entries().size(),
                faults,
                signatures.notes().stream().map(note -> "deployments: " + note).toList(),
                signatures.asked());
    }

    private static List<String> faults(Snapshot releases, DeploymentRecord record, Deployment deployment) {
        List<String> faults = new ArrayList<>();
        try {
            record.manifest(deployment);
        } catch (ReleaseException.VerificationFailed e) {
            faults.addAll(e.faults());
        }
        record.strays(deployment)
                .forEach(name -> faults.add(deployment.label() + ": " + name + ": not a file of a deployment"));
        EntryRef release = deployment.subject().entry();
        Optional<Digest> recorded = releases.file(release.path()).map(Digest::of);
        if (!recorded.equals(Optional.of(release.digest()))) {
            faults.add(deployment.label() + ": expected the release " + release.path() + " to be " + release.digest()
                    + ", got " + recorded.map(Digest::text).orElse("none"));
        }
        return faults;
    }
}
