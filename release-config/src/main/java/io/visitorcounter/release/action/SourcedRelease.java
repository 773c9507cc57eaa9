package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;

/** A release and where its build comes from.
 *
 *  @param release the entry
 *  @param source the commit of the app's source, as the build's label says; empty if it says none */
public record SourcedRelease(Release release, Optional<String> source) {

    static SourcedRelease of(Snapshot history, Release release) {
        return new SourcedRelease(release, source(new RecordedRelease(history, release)));
    }

    private static Optional<String> source(RecordedRelease recorded) {
        try {
            return recorded.source();
        } catch (ReleaseException.VerificationFailed damaged) {
            // What is damaged, verify tells; a list shows what it can.
            return Optional.empty();
        }
    }
}
