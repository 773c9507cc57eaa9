package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release and where its build comes from.
 *
 *  @param release the entry
 *  @param source the commit of the app's source, from the build's label; empty if it has none
 *  @param approvedBy who approved it, such as {@code alice (alice-laptop)}; empty if nobody did, or it was not
 *      checked */
public record SourcedRelease(Release release, Optional<String> source, List<String> approvedBy) {

    private static final int SHORT_DIGITS = 12;

    /** Copies the list. */
    public SourcedRelease {
        approvedBy = List.copyOf(approvedBy);
    }

    /** {@return the source for people: the first twelve digits of a commit's id; any other text unchanged} */
    public Optional<String> shortSource() {
        return source.map(commit -> commit.matches("[0-9a-f]{40,64}") ? commit.substring(0, SHORT_DIGITS) : commit);
    }

    static SourcedRelease of(Snapshot history, Release release) {
        return of(history, List.of(release)).get(0);
    }

    /** {@return the same, with its approvers} */
    SourcedRelease withApprovals(Snapshot history, Signing signing) {
        // Without any approval in the history, the signers file is not read.
        if (history.approvals(release.environment(), 0).isEmpty()) {
            return this;
        }
        try {
            Release origin = RecordedRelease.origin(history, release);
            return new SourcedRelease(
                    release,
                    source,
                    new Approvals(history, signing.signers(), release.environment())
                            .of(List.of(), origin)
                            .names());
        } catch (ReleaseException.VerificationFailed damaged) {
            return this;
        }
    }

    /** {@return the same for each release, in their order; each build is read once} */
    static List<SourcedRelease> of(Snapshot history, List<Release> releases) {
        Map<Digest, Optional<String>> known = new HashMap<>();
        List<SourcedRelease> sourced = new ArrayList<>();
        for (Release release : releases) {
            Digest build = release.app();
            Optional<String> source = Optional.empty();
            try {
                source = known.containsKey(build) ? known.get(build) : new RecordedRelease(history, release).source();
                known.put(build, source);
            } catch (ReleaseException.VerificationFailed damaged) {
                // A list shows what it can; verify reports damage.
            }
            sourced.add(new SourcedRelease(release, source, List.of()));
        }
        return sourced;
    }
}
