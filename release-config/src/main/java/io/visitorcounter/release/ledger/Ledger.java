package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/** The history of releases, or of deployments: an append-only branch of a git repository. Every append is one commit,
 *  published with the id of the last commit it saw, so that of two at once, one is first and the other reads again. If
 *  it is killed at any moment, it has appended a whole entry or nothing. */
public final class Ledger implements AutoCloseable {

    /** The branch that holds the history of releases. */
    public static final String BRANCH = Branch.RELEASES.ref();

    // If the branch does not move, no other writer was faster, and the obstacle is lasting.
    private static final int MAX_TRIES_WITHOUT_MOVE = 20;

    private final LedgerRepository repository;
    private final Retry retry;
    private final LastSeen lastSeen;
    private final boolean readOnly;

    private volatile @Nullable Snapshot latest;

    private Ledger(LedgerRepository repository, Retry retry, LastSeen lastSeen, boolean readOnly) {
        this.repository = repository;
        this.retry = retry;
        this.lastSeen = lastSeen;
        this.readOnly = readOnly;
    }

    /** {@return the ledger at this place}
     *
     *  @param place where it is; nothing is read or created yet
     *  @param seen a folder for what this machine has seen of ledgers */
    public static Ledger at(LedgerPlace place, Path seen, Retry retry) {
        return open(place, Branch.RELEASES, seen, retry, false);
    }

    /** {@return the record of deployments at this place: on its own branch, next to that of the releases}
     *
     *  @param place where the ledger is; nothing is read or created yet
     *  @param readOnly whether nothing on this machine is written */
    public static Ledger deployments(LedgerPlace place, Path seen, Retry retry, boolean readOnly) {
        return open(place, Branch.DEPLOYMENTS, seen, retry, readOnly);
    }

    /** {@return the ledger at this place, for reading only: nothing on this machine is written}
     *
     *  @param seen a folder with what this machine has seen of ledgers */
    public static Ledger readOnly(LedgerPlace place, Path seen) {
        return open(place, Branch.RELEASES, seen, Retry.standard(), true);
    }

    private static Ledger open(LedgerPlace place, Branch branch, Path seen, Retry retry, boolean readOnly) {
        LedgerRepository repository = LedgerRepository.of(place, branch, readOnly);
        // For the releases, the name is only the address, as in the first version of this tool.
        String name = repository.identity() + (branch == Branch.RELEASES ? "" : "#" + branch.word());
        return new Ledger(repository, retry, new LastSeen(seen, name, readOnly), readOnly);
    }

    /** Sets up what every ledger needs of git, once for the process. This takes longer than reading a ledger, and can
     *  be done before it is known which one. */
    public static void setUp() {
        GitSystemReader.setUp();
    }

    /** {@return the current history}
     *
     *  @throws ReleaseException.NotFound if there is no ledger
     *  @throws ReleaseException.Unreachable if it can't be read
     *  @throws ReleaseException.VerificationFailed if an entry that was seen before is gone or changed */
    public Snapshot read() {
        Optional<EntryRef> seen = lastSeen.read();
        Snapshot history = at(repository.refresh());
        lastSeen.check(seen, history);
        EarlierHeads.check(history);
        return history;
    }

    // A commit never changes, so an append need not reread the one that it was based on.
    private Snapshot at(@Nullable ObjectId commit) {
        Snapshot known = latest;
        if (known == null || !Objects.equals(known.commit(), commit)) {
            known = new Snapshot(repository::open, repository.toString(), repository.branch(), commit);
            latest = known;
        }
        return known;
    }

    /** {@return the current history; empty if there is no ledger yet but the first append creates one}
     *
     *  @throws ReleaseException.Unreachable if it can't be read */
    public Optional<Snapshot> readIfThere() {
        return repository.exists() ? Optional.of(read()) : Optional.empty();
    }

    /** {@return the current history; one without entries if there is no ledger yet but the first append creates one}
     *
     *  @throws ReleaseException.Unreachable if it can't be read */
    public Snapshot readOrEmpty() {
        return repository.exists() ? read() : at(null);
    }

    /** An entry and the files that go next to it.
     *
     *  @param entry the one to append
     *  @param files bytes by path below the entry's folder; for a release its bundle and images
     *  @param signer who signs it; empty for none */
    public record Draft(Entry entry, SortedMap<String, byte[]> files, Optional<EntrySigner> signer) {

        /** An unsigned draft. */
        public Draft(Entry entry, SortedMap<String, byte[]> files) {
            this(entry, files, Optional.empty());
        }

        /** {@return an entry without files} */
        public static Draft of(Entry entry) {
            return new Draft(entry, new TreeMap<>());
        }

        /** {@return the same, signed}
         *
         *  @param by who signs it; empty for none */
        public Draft signedBy(Optional<? extends EntrySigner> by) {
            return new Draft(entry, files, by.map(Function.identity()));
        }
    }

    /** Stores files of a future draft in advance, so that its append need not. No entry names these objects, so they
     *  release nothing.
     *
     *  @throws ReleaseException.Unreachable if the repository, which must exist, can't be written */
    public void keep(SortedMap<String, byte[]> files) {
        try (ObjectInserter inserter = repository.open().newObjectInserter()) {
            for (byte[] bytes : files.values()) {
                inserter.insert(Constants.OBJ_BLOB, bytes);
            }
            inserter.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Appends an entry, unless there is nothing to append to the current history. Decides again whenever another
     *  writer was first, so that a number is given once, and a gate that has just closed takes effect.
     *
     *  @param decide what to append after this history; empty for nothing; it may throw
     *  @return the entry as appended
     *  @throws ReleaseException.Contention if others were first at every try
     *  @throws ReleaseException.Unreachable if the repository can't be read or written
     *  @throws ReleaseException.VerificationFailed if the branch is damaged, or not one of a ledger */
    public Optional<Entry> append(Function<Snapshot, Optional<Draft>> decide) {
        if (readOnly) {
            throw new IllegalStateException("opened to be read only");
        }
        repository.create();
        int withoutMove = 0;
        ObjectId last = null;
        for (int failures = 0; failures < retry.tries(); ) {
            Snapshot before = read();
            before.requireAppendable();
            Optional<Draft> draft = decide.apply(before);
            if (draft.isEmpty()) {
                return Optional.empty();
            }
            requireNumber(draft.get().entry());
            ObjectId commit = write(before, draft.get());
            Publication publication = repository.publish(before.commit(), commit);
            if (publication instanceof Publication.Done) {
                lastSeen.remember(EntryRef.to(draft.get().entry()));
                return draft.map(Draft::entry);
            }
            withoutMove = Objects.equals(last, before.commit()) ? withoutMove + 1 : 1;
            last = before.commit();
            if (publication instanceof Publication.Blocked blocked
                    && (blocked.lasting() || withoutMove >= MAX_TRIES_WITHOUT_MOVE)) {
                throw new ReleaseException.Unreachable(
                        blocked.obstacle() + "; " + repository.branch().nothing());
            }
            failures++;
            pause(failures);
        }
        throw new ReleaseException.Contention(
                repository + ": " + repository.branch().overtaken() + ", " + retry.tries() + " times in a row; "
                        + repository.branch().nothing() + ", try again");
    }

    private void requireNumber(Entry entry) {
        if (entry.number() > ReleaseId.MAX_VERSION) {
            throw new ReleaseException.Refused(repository + ": " + entry.path() + ": expected a number of 1.."
                    + ReleaseId.MAX_VERSION + "; see release verify --all: did somebody else write the one before?");
        }
    }

    private void pause(int failures) {
        try {
            retry.pause(failures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReleaseException.Contention(repository + ": interrupted while waiting for others; "
                    + repository.branch().nothing());
        }
    }

    /** {@return what would block the next append, such as a leftover lock; empty if nothing is known}
     *
     *  @throws ReleaseException.Unreachable if this user can't write it */
    public Optional<String> obstacle() {
        return repository.exists() ? repository.obstacle() : Optional.empty();
    }

    private ObjectId write(Snapshot before, Draft draft) {
        try {
            return EntryCommit.write(
                    repository.open(), before, draft, retry.random().nextLong());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private ReleaseException unwritable(IOException e) {
        return new ReleaseException.Unreachable(repository + ": can't be written: " + ReleaseException.reason(e), e);
    }

    @Override
    public void close() {
        repository.close();
    }

    @Override
    public String toString() {
        return repository.toString();
    }
}
