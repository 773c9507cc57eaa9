package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/** The newest entry of every commit behind a snapshot. Each commit was the whole ledger once, so each of these entries
 *  must still be there: a commit that took one back, as {@code git revert} does, is found by whoever reads the branch,
 *  also by a machine that never saw it before. */
record EarlierHeads(Snapshot history, RevWalk commits) {

    private static final int MAX_HEAD_BYTES = 1 << 20;

    /** Throws if the newest commit, or one right behind it that appended nothing, took entries back. Looks no further
     *  than the newest append.
     *
     *  @throws ReleaseException.VerificationFailed naming commit and entry */
    static void check(Snapshot history) {
        ObjectId tip = history.commit();
        if (tip == null) {
            return;
        }
        Optional<String> fault = GitObjects.read(history.toString(), () -> {
            try (RevWalk commits = new RevWalk(history.repository())) {
                return new EarlierHeads(history, commits).newest(commits.parseCommit(tip));
            }
        });
        if (fault.isPresent()) {
            throw new ReleaseException.VerificationFailed(fault.get());
        }
    }

    /** {@return what any commit removed, one line each}
     *
     *  @param digests of the existing entries, by path */
    static List<String> faults(Snapshot history, Map<String, Digest> digests) {
        Map<String, String> found = new HashMap<>();
        each(history, (commit, head) -> {
            if (!head.digest().equals(digests.get(head.path()))) {
                found.putIfAbsent(
                        head.path(),
                        history + ": " + head.path() + ": entry number " + head.sequence()
                                + " was the newest in commit " + commit.name() + ", and "
                                + (digests.containsKey(head.path()) ? "is another now" : "is gone now"));
            }
        });
        return List.copyOf(found.values());
    }

    /** Passes on every commit behind a snapshot that names a newest entry, newest first.
     *
     *  @throws ReleaseException.VerificationFailed if the repository is damaged */
    static void each(Snapshot history, BiConsumer<RevCommit, EntryRef> told) {
        ObjectId tip = history.commit();
        if (tip == null) {
            return;
        }
        Map<RevCommit, EntryRef> heads = GitObjects.read(history.toString(), () -> {
            Map<RevCommit, EntryRef> found = new LinkedHashMap<>();
            try (RevWalk commits = new RevWalk(history.repository())) {
                commits.markStart(commits.parseCommit(tip));
                for (RevCommit commit : commits) {
                    GitObjects.requireOwn(commit);
                    EntryRef head = head(history, commit);
                    if (head != null) {
                        found.put(commit, head);
                    }
                }
            }
            return found;
        });
        heads.forEach(told);
    }

    private Optional<String> newest(RevCommit tip) throws IOException {
        Deque<RevCommit> left = new ArrayDeque<>(List.of(tip));
        Set<ObjectId> seen = new HashSet<>();
        while (!left.isEmpty()) {
            RevCommit commit = left.remove();
            if (!seen.add(commit.getId())) {
                continue;
            }
            long sequence = sequence(head(history, commit));
            for (RevCommit parent : commit.getParents()) {
                Optional<RevCommit> parsed = parsed(parent);
                if (parsed.isEmpty()) {
                    continue;
                }
                EntryRef before = head(history, parsed.get());
                if (before != null && before.sequence() > sequence) {
                    return Optional.of(history + ": " + before.path() + ": entry number " + before.sequence()
                            + " was taken back by commit "
                            + commit.abbreviate(12).name() + " of "
                            + commit.getCommitterIdent().getName() + "; put it back with git revert "
                            + commit.abbreviate(12).name() + " on the branch "
                            + history.branch().word());
                }
                if (sequence(before) == sequence && sequence > 0) {
                    left.add(parsed.get());
                }
            }
        }
        return Optional.empty();
    }

    // A shallow clone lacks older commits.
    private Optional<RevCommit> parsed(RevCommit commit) throws IOException {
        try {
            commits.parseHeaders(commit);
            return Optional.of(commit);
        } catch (MissingObjectException e) {
            return Optional.empty();
        }
    }

    private static long sequence(@Nullable EntryRef head) {
        return head == null ? 0 : head.sequence();
    }

    /** The newest entry that a commit names; null if it names none. */
    private static @Nullable EntryRef head(Snapshot history, RevCommit commit) throws IOException {
        try (ObjectReader reader = history.repository().newObjectReader()) {
            CanonicalTreeParser root = GitObjects.tree(reader, commit.getTree());
            while (!root.eof() && !root.getEntryPathString().equals(LedgerLayout.HEAD)) {
                root.next();
            }
            if (root.eof()) {
                return null;
            }
            String where = history + ": commit " + commit.abbreviate(12).name() + ": " + LedgerLayout.HEAD;
            ObjectLoader loader = reader.open(root.getEntryObjectId());
            if (loader.getType() != Constants.OBJ_BLOB || loader.getSize() > MAX_HEAD_BYTES) {
                throw new ReleaseException.VerificationFailed(where + ": expected a file of at most " + MAX_HEAD_BYTES
                        + " bytes, got " + (loader.getType() == Constants.OBJ_BLOB ? loader.getSize() : "a folder"));
            }
            byte[] bytes = loader.getCachedBytes(MAX_HEAD_BYTES);
            GitObjects.requireOwn(root.getEntryObjectId(), Constants.OBJ_BLOB, bytes);
            return EntryRef.read(where, bytes);
        } catch (MissingObjectException e) {
            return null;
        }
    }
}
