package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The history of releases: one branch of a git repository, to which entries are appended and nothing else is ever
 *  done. Every append is one commit, published with the id of the commit it saw last, so that of two at once one is
 *  first and the other looks again. Killed at any moment, it has appended all of an entry or nothing. */
public final class Ledger implements AutoCloseable {

    /** The one branch that holds the history. */
    public static final String BRANCH = "refs/heads/releases";

    private final LedgerRepository repository;
    private final Retry retry;
    private final LastSeen lastSeen;
    private volatile @Nullable Snapshot latest;

    private Ledger(LedgerRepository repository, Retry retry, LastSeen lastSeen) {
        this.repository = repository;
        this.retry = retry;
        this.lastSeen = lastSeen;
    }

    /** {@return the ledger at this place}
     *
     *  @param place where it is; nothing is read or created yet
     *  @param seen a folder for what this machine has seen of ledgers
     *  @param retry what to do when another was first */
    public static Ledger at(LedgerPlace place, Path seen, Retry retry) {
        LedgerRepository repository = LedgerRepository.of(place);
        return new Ledger(repository, retry, new LastSeen(seen, repository.toString()));
    }

    /** Sets up what every ledger needs of git, once for the process. It takes longer than reading one does, and can be done
     *  before it is known which it will be. */
    public static void setUp() {
        GitSystemReader.setUp();
    }

    /** {@return the history as it is now}
     *
     *  @throws ReleaseException.NotFound if there is no ledger
     *  @throws ReleaseException.Unreachable if it can't be read
     *  @throws ReleaseException.VerificationFailed if an entry that was seen before is gone or changed */
    public Snapshot read() {
        Optional<EntryRef> seen = lastSeen.read();
        Snapshot history = at(repository.refresh());
        lastSeen.check(seen, history);
        return history;
    }

    // What was read of a commit stays true, so an append need not read again what was decided after.
    private Snapshot at(@Nullable ObjectId commit) {
        Snapshot known = latest;
        if (known == null || !Objects.equals(known.commit(), commit)) {
            known = new Snapshot(repository.open(), repository.toString(), commit);
            latest = known;
        }
        return known;
    }

    /** {@return the history as it is now; empty where there is no ledger yet but the first append creates one}
     *
     *  @throws ReleaseException.Unreachable if it can't be read */
    public Optional<Snapshot> readIfThere() {
        return repository.exists() ? Optional.of(read()) : Optional.empty();
    }

    /** An entry and the files that go beside it.
     *
     *  @param entry what is appended
     *  @param files bytes by path below the entry's folder; of a release its bundle and images */
    public record Draft(Entry entry, SortedMap<String, byte[]> files) {

        /** {@return an entry without files}
         *
         *  @param entry what is appended */
        public static Draft of(Entry entry) {
            return new Draft(entry, new TreeMap<>());
        }
    }

    /** Keeps files that a draft will have, so that its append has them already. They are objects that no entry names, and
     *  release nothing.
     *
     *  @param files of the draft
     *  @return the files
     *  @throws ReleaseException.Unreachable if the repository, which must be there, can't be written */
    public SortedMap<String, byte[]> keep(SortedMap<String, byte[]> files) {
        try (ObjectInserter inserter = repository.open().newObjectInserter()) {
            for (byte[] bytes : files.values()) {
                inserter.insert(Constants.OBJ_BLOB, bytes);
            }
            inserter.flush();
            return files;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Appends an entry, unless the history says that there is nothing to append. Decides again whenever another was
     *  first, so that a number is given once and a gate that has just closed holds.
     *
     *  @param decide what to append after this history; empty for nothing; it may throw
     *  @return the entry as appended
     *  @throws ReleaseException.Contention if others were first until the tries ran out
     *  @throws ReleaseException.Unreachable if the repository can't be read or written */
    public Optional<Entry> append(Function<Snapshot, Optional<Draft>> decide) {
        repository.create();
        for (int failures = 0; failures < retry.tries(); ) {
            Snapshot before = read();
            Optional<Draft> draft = decide.apply(before);
            if (draft.isEmpty()) {
                return Optional.empty();
            }
            ObjectId commit = write(before, draft.get());
            if (repository.publish(before.commit(), commit)) {
                lastSeen.remember(EntryRef.to(draft.get().entry()));
                return draft.map(Draft::entry);
            }
            failures++;
            try {
                retry.pause(failures);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ReleaseException.Contention(
                        repository + ": interrupted while waiting for others; nothing was" + " released");
            }
        }
        throw new ReleaseException.Contention(repository + ": others released first, " + retry.tries()
                + " times in a row; nothing was released, try again");
    }

    /** {@return the place in the chain of the next entry after this history}
     *
     *  @param history a history */
    public static long nextSequence(Snapshot history) {
        return history.head().map(EntryRef::sequence).orElse(0L) + 1;
    }

    private ObjectId write(Snapshot before, Draft draft) {
        Entry entry = draft.entry();
        Repository git = repository.open();
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = git.newObjectReader()) {
            byte[] bytes = entry.bytes();
            ObjectId environment = environmentTree(inserter, reader, before, draft, bytes);
            ObjectId headFile = inserter.insert(
                    Constants.OBJ_BLOB, CanonicalJson.bytes(EntryRef.to(entry).json()));
            ObjectId tree = Trees.with(
                    inserter, reader, before.tree(), entry.environment().name(), FileMode.TREE, environment);
            tree = Trees.with(inserter, reader, tree, Snapshot.HEAD_FILE, FileMode.REGULAR_FILE, headFile);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree);
            ObjectId parent = before.commit();
            if (parent != null) {
                commit.setParentId(parent);
            }
            commit.setAuthor(person(entry.audit()));
            commit.setCommitter(person(entry.audit()));
            // Two that decide the same in the same second must not make the same commit: both would think it theirs.
            commit.setMessage(message(entry) + "\nAttempt: "
                    + Long.toHexString(retry.random().nextLong()) + "\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private ReleaseException unwritable(IOException e) {
        return new ReleaseException.Unreachable(repository + ": can't be written: " + e.getMessage(), e);
    }

    private static ObjectId environmentTree(
            ObjectInserter inserter, ObjectReader reader, Snapshot before, Draft draft, byte[] bytes)
            throws IOException {
        Entry entry = draft.entry();
        String environment = entry.environment().name();
        ObjectId existing = subtree(reader, before.tree(), environment);
        if (entry instanceof Release release) {
            SortedMap<String, byte[]> files = new TreeMap<>(draft.files());
            files.put("entry.json", bytes);
            ObjectId folder = Trees.write(inserter, files);
            String name = Release.versionName(release.id().version());
            return Trees.with(inserter, reader, existing, name, FileMode.TREE, folder);
        }
        Freeze freeze = (Freeze) entry;
        ObjectId freezes = Trees.with(
                inserter,
                reader,
                subtree(reader, before.tree(), environment + "/" + Freeze.FOLDER),
                Freeze.fileName(freeze.number()),
                FileMode.REGULAR_FILE,
                inserter.insert(Constants.OBJ_BLOB, bytes));
        return Trees.with(inserter, reader, existing, Freeze.FOLDER, FileMode.TREE, freezes);
    }

    private static @Nullable ObjectId subtree(ObjectReader reader, @Nullable ObjectId tree, String path)
            throws IOException {
        if (tree == null) {
            return null;
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
            return walk == null ? null : walk.getObjectId(0);
        }
    }

    private static PersonIdent person(Entry.Audit audit) {
        Instant at = audit.at();
        return new PersonIdent(audit.by(), "", at, ZoneOffset.UTC);
    }

    private static String message(Entry entry) {
        String subject = entry.environment() + ": ";
        if (entry instanceof Release release) {
            String from = release.from().map(id -> " from " + id.label()).orElse("");
            subject = release.id().label() + ": " + release.origin().word() + from;
        } else if (entry instanceof Freeze freeze) {
            subject += freeze.frozen() ? "frozen" : "unfrozen";
        }
        return subject + entry.audit().why().map(why -> "\n\n" + why + "\n").orElse("\n");
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
