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

/** What this machine has of a ledger elsewhere, so that a read fetches only what is new. It holds nothing of its own: who
 *  may not write it gets a temporary one, which takes what the lasting one has already. */
final class RemoteCopy {

    private final Path copy;
    private final Branch branch;
    private final boolean readOnly;
    private @Nullable Path temporary;

    /** Sets where it lies.
     *
     *  @param copy the repository; made at the first use
     *  @param readOnly whether it is not to be changed */
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

    /** A copy for this command only, which takes what the lasting one has already. */
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

    /** Deletes the temporary one, if there is one. */
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

    /** {@return what is here already, so that the other side sends only what comes after} */
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
            // A branch that another command moves at this moment only saves fetching. A lock that a killed command left
            // would make every later one fetch all of it again; the copy is ours, so it goes.
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
