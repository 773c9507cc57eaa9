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

    private final Site site;

    /** Sets where everything is.
     *
     *  @param site where everything is */
    public History(Site site) {
        this.site = site;
    }

    /** {@return an environment's releases, newest first, at least one}
     *
     *  @param environment which one
     *  @param limit at most so many
     *  @throws ReleaseException.NotFound if there is none */
    public List<Release> list(Environment environment, int limit) {
        List<Release> releases = site.ledger().read().history(environment, limit);
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
    public record Shown(Release release, Digest digest, ReleaseId newest, Bundle bundle) {}

    /** {@return a release, its bundle held to the recorded digest}
     *
     *  @param environment whose
     *  @param version which one; empty: the newest
     *  @throws ReleaseException.NotFound if there is none */
    public Shown show(Environment environment, Optional<Integer> version) {
        Snapshot history = site.ledger().read();
        Release newest = history.last(environment).orElseThrow(() -> none(environment));
        Release release = version.map(number -> history.get(new ReleaseId(environment, number)))
                .orElse(newest);
        Digest digest = Digest.of(history.file(release.path()).orElseThrow());
        return new Shown(release, digest, newest.id(), Recorded.bundle(history, release));
    }

    private static ReleaseException none(Environment environment) {
        return new ReleaseException.NotFound(
                environment + ": no release yet; make one with release create " + environment);
    }
}
