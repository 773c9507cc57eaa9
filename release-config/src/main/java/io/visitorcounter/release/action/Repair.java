package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.HashChain;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Restores missing or damaged images, tags and referrers, as the ledger proves them. Never changes the ledger. */
public record Repair(Workspace workspace) {

    /** What was done.
     *
     *  @param releases how many releases were checked
     *  @param repaired what was restored, one line each */
    public record Repaired(int releases, List<String> repaired) {}

    /** {@return what was restored}
     *
     *  @param environment one environment's releases; empty: all
     *  @param version one of its releases; empty: all of them
     *  @param dryRun whether to write nothing
     *  @throws ReleaseException.NotFound if there is no such release
     *  @throws ReleaseException.VerificationFailed with everything that can't be restored, also because the ledger is
     *      damaged: what it no longer proves is left alone */
    public Repaired run(Optional<Environment> environment, Optional<Integer> version, boolean dryRun) {
        Snapshot history = workspace.ledger().read();
        HashChain chain = HashChain.walk(history);
        List<Release> releases = chain.releases(environment, version);
        List<String> faults = new ArrayList<>(chain.faults());
        if (releases.isEmpty() && faults.isEmpty()) {
            throw new ReleaseException.NotFound(
                    environment.map(Environment::name).orElse("ledger") + ": no such release to repair");
        }
        List<String> repaired = new ArrayList<>();
        for (Release release : releases) {
            String label = release.id().label();
            try {
                ImageRestore restore = new ImageRestore(workspace, new RecordedRelease(history, release));
                List<String> missing = restore.missing(true);
                if (!missing.isEmpty() && !dryRun) {
                    restore.restore();
                }
                missing.forEach(each -> repaired.add(label + ": " + each));
            } catch (ReleaseException.NotFound | ReleaseException.VerificationFailed e) {
                e.faults().forEach(fault -> faults.add(fault.startsWith(label) ? fault : label + ": " + fault));
            }
        }
        if (!faults.isEmpty()) {
            throw new ReleaseException.VerificationFailed(faults);
        }
        return new Repaired(releases.size(), repaired);
    }
}
