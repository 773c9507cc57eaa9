package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.Optional;
import java.util.function.Predicate;

/** Detects entries that are backdated: a signed entry must not be older than a signed one that precedes it. Otherwise
 *  an expired key could sign on, with a date on which it was valid. Looks back until a signed entry whose time is
 *  beyond doubt.
 *
 *  @param history where the entries are
 *  @param isSigned whether an entry has a signature by an allowed signer
 *  @param isBeyondDoubt whether an entry is signed by a key without an end, so that it is no older than the entries
 *      before it */
record EntryOrder(Snapshot history, Predicate<Entry> isSigned, Predicate<Entry> isBeyondDoubt) {

    /** {@return a signed entry that precedes this one and is newer; empty if there is none}
     *
     *  @throws ReleaseException.VerificationFailed if the entry before it is not the one that it names */
    Optional<Entry> newerBefore(Entry entry) {
        Optional<Entry> ofEnvironment = entry instanceof Release release ? newerVersion(release) : Optional.empty();
        return ofEnvironment.or(() -> newerInChain(entry));
    }

    private Optional<Entry> newerInChain(Entry entry) {
        Entry later = entry;
        while (later.previous().isPresent()) {
            Entry earlier = before(later, later.previous().get());
            if (isNewer(earlier, entry)) {
                return Optional.of(earlier);
            }
            if (isBeyondDoubt.test(earlier)) {
                return Optional.empty();
            }
            later = earlier;
        }
        return Optional.empty();
    }

    // A chain that skips a release still has it in its folder.
    private Optional<Entry> newerVersion(Release release) {
        for (int version = release.id().version() - 1; version >= 1; version--) {
            Optional<Release> earlier = history.find(new ReleaseId(release.environment(), version));
            if (earlier.filter(each -> isNewer(each, release)).isPresent()) {
                return earlier.map(Entry.class::cast);
            }
            if (earlier.filter(isBeyondDoubt).isPresent()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean isNewer(Entry earlier, Entry entry) {
        return earlier.at().isAfter(entry.at()) && isSigned.test(earlier);
    }

    private Entry before(Entry later, EntryRef ref) {
        Optional<Digest> there = history.file(ref.path()).map(Digest::of);
        Entry earlier = history.entry(ref.path());
        if (!there.equals(Optional.of(ref.digest())) || earlier.sequence() >= later.sequence()) {
            throw new ReleaseException.VerificationFailed(history + ": " + ref.path() + ": is not what " + later.path()
                    + " says that precedes it; see release verify --all");
        }
        return earlier;
    }

    /** {@return the fault, in words} */
    static String datedBack(Entry entry, Entry newer) {
        return "dated back: signed as of " + entry.at() + ", and " + EntrySignature.label(newer)
                + ", which precedes it, is of " + newer.at();
    }
}
