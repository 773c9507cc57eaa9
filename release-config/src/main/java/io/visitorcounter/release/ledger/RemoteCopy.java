package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The local copy of a remote ledger, so that a read fetches only what is new. It has no data of its own: a user who
 *  may not write it gets a temporary copy, which reuses the objects of the permanent one. */
final class RemoteCopy {

    private final Path copy;
    private final Branch branch;
    private final boolean readOnly;
    private @Nullable Path temporary;

    /** Takes its place.
     *
     *  @param copy the repository; created at the first use
     *  @param readOnly whether it must not be changed */
    RemoteCopy(Path copy, Branch branch, boolean readOnly) {
        this.copy = copy;
        this.branch = branch;
        this.readOnly = readOnly;
    }

    /** {@return the repository, opened} */
    Repository open() {
        if (readOnly || !isWritable(copy)) {
            return connectTemporary();
        }
        if (!Files.exists(copy.resolve("HEAD"))) {
            new LocalRepository(new LedgerPlace.Local(copy, true), branch).create();
        }
        try {
            return GitSystemReader.open(copy);
        } catch (IOException e) {
            throw unopened(e);
        }
    }

    private static boolean isWritable(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there != null && Files.isWritable(there);
    }

    /** A copy for this command only, which reuses the objects of the permanent one. */
    private Repository connectTemporary() {
        try {
            Path folder = Files.createTempDirectory("release-ledger-");
            temporary = folder;
            Path made = folder.resolve("ledger.git");
            LocalRepository.initialise(made);
            Optional<ObjectId> known = Optional.empty();
            if (Files.exists(copy.resolve("HEAD"))) {
                Files.createDirectories(made.resolve("objects/info"));
                Files.writeString(
                        made.resolve("objects/info/alternates"),
                        copy.toAbsolutePath().resolve("objects") + "\n");
                try (Repository lasting = GitSystemReader.open(copy)) {
                    known = Optional.ofNullable(lasting.resolve(branch.ref()));
                }
            }
            Repository opened = GitSystemReader.open(made);
            if (known.isPresent()) {
                move(opened, known.get());
            }
            return opened;
        } catch (IOException e) {
            throw unopened(e);
        }
    }

    private ReleaseException unopened(IOException e) {
        return new ReleaseException.Unreachable(
                copy + ": the ledger's copy can't be opened: " + ReleaseException.reason(e), e);
    }

    /** Deletes the temporary copy, if there is one. */
    void close() {
        Path made = temporary;
        if (made != null) {
            temporary = null;
            try {
                Scratch.delete(made);
            } catch (IOException e) {
                throw new ReleaseException.Unreachable(made + ": can't be deleted: " + ReleaseException.reason(e), e);
            }
        }
    }

    /** {@return what is already here, so that the remote sends only what comes after} */
    static Set<ObjectId> known(Repository here) throws IOException {
        Set<ObjectId> ids = new HashSet<>();
        for (Ref ref : here.getRefDatabase().getRefs()) {
            Optional.ofNullable(ref.getObjectId()).ifPresent(ids::add);
        }
        return ids;
    }

    /** Moves the copy's branch.
     *
     *  @throws IOException if it can't be written */
    void keep(Repository here, ObjectId newest) throws IOException {
        RefUpdate.Result result = move(here, newest);
        if (result == RefUpdate.Result.LOCK_FAILURE) {
            // If another command moves the branch at the same time, only a later fetch is longer. A lock left by a
            // killed command would make every later command fetch all of it again; the copy is ours, so the lock is
            // deleted.
            Path folder = here.getDirectory().toPath();
            if (GitFolder.leftLock(folder, branch, false).isPresent()) {
                Files.deleteIfExists(folder.resolve(branch.ref() + ".lock"));
                result = move(here, newest);
            }
        }
        if (result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException("the copy here can't be written");
        }
    }

    private RefUpdate.Result move(Repository here, ObjectId newest) throws IOException {
        RefUpdate update = here.updateRef(branch.ref());
        update.setNewObjectId(newest);
        update.setForceUpdate(true);
        update.disableRefLog();
        return update.update();
    }
}
