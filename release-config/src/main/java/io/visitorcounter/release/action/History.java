package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.config.Bundle;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Looks into the ledger. */
public final class History {

    private final Workspace workspace;

    /** Sets what it works on.
     *
     *  @param workspace files, ledger, images, clock and user */
    public History(Workspace workspace) {
        this.workspace = workspace;
    }

    /** {@return an environment's releases, newest first, at least one}
     *
     *  @param environment which one
     *  @param limit at most so many
     *  @throws ReleaseException.NotFound if there is none */
    public List<Release> list(Environment environment, int limit) {
        List<Release> releases = workspace.ledger().read().history(environment, limit);
        if (releases.isEmpty()) {
            throw none(environment);
        }
        return releases;
    }

    /** One release with what the ledger keeps beside its entry.
     *
     *  @param release the entry
     *  @param digest of the entry's bytes
     *  @param newest the environment's newest release
     *  @param bundle its config */
    public record ReleaseDetail(Release release, Digest digest, ReleaseId newest, Bundle bundle) {}

    /** {@return a release, its bundle held to the recorded digest}
     *
     *  @param environment whose
     *  @param version which one; empty: the newest
     *  @throws ReleaseException.NotFound if there is none */
    public ReleaseDetail show(Environment environment, Optional<Integer> version) {
        Snapshot history = workspace.ledger().read();
        Release newest = history.last(environment).orElseThrow(() -> none(environment));
        Release release = version.map(number -> history.get(new ReleaseId(environment, number)))
                .orElse(newest);
        Digest digest = Digest.of(history.file(release.path()).orElseThrow());
        return new ReleaseDetail(release, digest, newest.id(), Recorded.bundle(history, release));
    }

    private static ReleaseException none(Environment environment) {
        return new ReleaseException.NotFound(
                environment + ": no release yet; make one with release create " + environment);
    }
}
