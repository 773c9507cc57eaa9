package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.ImageStore;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.EntryHeader;
import io.visitorcounter.release.ledger.EntryRef;
import io.visitorcounter.release.ledger.Ledger;
import io.visitorcounter.release.ledger.Snapshot;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What an action works on: files, ledger, images, clock and user.
 *
 *  @param environments the folder of the environments' files
 *  @param ledger the history
 *  @param deployments the history of deployments, next to it
 *  @param images the images
 *  @param clock the time that entries carry
 *  @param by the user, as entries name them
 *  @param signing who signs, and whom to trust
 *  @param clockLead how far ahead of this machine's clock a signed ledger may be */
public record Workspace(
        Path environments,
        Ledger ledger,
        Ledger deployments,
        ImageStore images,
        Clock clock,
        String by,
        Signing signing,
        Duration clockLead) {

    /** How far ahead a signed ledger may be by default. */
    public static final Duration CLOCK_LEAD = Duration.ofMinutes(5);

    /** {@return the same without a key, to predict what someone else would do} */
    public Workspace unsigned() {
        return new Workspace(environments, ledger, deployments, images, clock, by, signing.withoutKey(), clockLead);
    }

    /** {@return the header of the next entry of a history}
     *
     *  @param number its number among those of its kind in the environment
     *  @param why the user's words */
    EntryHeader next(Snapshot history, Environment environment, int number, Optional<String> why) {
        return EntryHeader.after(history, environment, number, new Entry.Audit(by, now(history), why));
    }

    /** {@return the time of the next entry: the clock's, but in a signed ledger never before the newest entry's, since
     *  a key's end is judged by the times of entries}
     *
     *  @throws ReleaseException.Unreachable if the clocks are too far apart */
    Instant now(Snapshot history) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (now.isBefore(Instant.EPOCH)) {
            throw new ReleaseException.Unreachable(
                    now + ": git can't keep a time before 1970; set this machine's clock; nothing was released");
        }
        Optional<EntryRef> head = history.head();
        if (head.isEmpty() || (!signing.isOn() && !history.isSigned(head.get()))) {
            return now;
        }
        Entry before = history.entry(head.get().path());
        if (!before.at().isAfter(now)) {
            return now;
        }
        if (before.at().isAfter(now.plus(clockLead))) {
            throw new ReleaseException.Unreachable(now + ": the newest entry, " + before.path() + ", is of "
                    + before.at()
                    + "; set this machine's clock; if that entry's was wrong, RELEASE_CLOCK_LEAD="
                    + (Duration.between(now, before.at()).toMinutes() + 1)
                    + " (minutes) lets others follow it; nothing was released");
        }
        return before.at();
    }

    /** {@return the warning if this machine's clock is behind the newest entry; empty if it is not. Nothing is refused:
     *  the order of entries comes from the chain, not from their times} */
    Optional<String> clockWarning(Snapshot history) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return history.head()
                .map(head -> history.entry(head.path()))
                .filter(newest -> newest.at().isAfter(now.plus(CLOCK_LEAD)))
                .map(newest -> "the clock here says " + now + ", and the newest entry, " + newest.path() + ", is of "
                        + newest.at() + "; if this one is wrong, set it");
    }
}
