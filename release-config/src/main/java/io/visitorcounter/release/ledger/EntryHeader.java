package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.time.Instant;
import java.util.Optional;

/** What every entry has.
 *
 *  @param sequence its number in the whole chain, 1-based
 *  @param previous the entry before it in the whole chain; empty for the first
 *  @param environment whose history it belongs to
 *  @param number its number among those of its kind in its environment, 1-based and dense; of a deployment's end that
 *      of the deployment
 *  @param audit who appended it, when and why */
public record EntryHeader(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, Entry.Audit audit) {

    /** {@return the header of the entry that comes next after a history}
     *
     *  @throws ReleaseException.Refused if no entry can have this number */
    public static EntryHeader after(Snapshot history, Environment environment, int number, Entry.Audit audit) {
        if (number > ReleaseId.MAX_VERSION) {
            throw new ReleaseException.Refused(new ReleaseId(environment, ReleaseId.MAX_VERSION).label()
                    + ": is the last version that there can be; see release verify --all: did somebody else write it?");
        }
        Optional<EntryRef> head = history.head();
        return new EntryHeader(head.map(EntryRef::sequence).orElse(0L) + 1, head, environment, number, audit);
    }

    /** {@return the header in these fields}
     *
     *  @param number the name of the field with the number */
    static EntryHeader read(EntryFields fields, String number) {
        return new EntryHeader(
                fields.number("sequence", Long.MAX_VALUE),
                fields.optionalObject("previous", EntryRef::read),
                fields.environment("environment"),
                fields.number(number, ReleaseId.MAX_VERSION),
                new Entry.Audit(fields.text("by"), fields.value("at", Instant::parse), fields.optionalText("why")));
    }
}
