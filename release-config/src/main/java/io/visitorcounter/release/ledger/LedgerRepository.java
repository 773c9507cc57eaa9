package io.visitorcounter.release.ledger;

import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The git repository of a ledger, wherever it is. */
abstract sealed class LedgerRepository implements AutoCloseable permits LocalRepository, RemoteRepository {

    private final Branch branch;

    private @Nullable Repository open;

    LedgerRepository(Branch branch) {
        this.branch = branch;
    }

    /** {@return the repository at this place}
     *
     *  @param readOnly whether nothing on this machine may be written */
    static LedgerRepository of(LedgerPlace place, Branch branch, boolean readOnly) {
        return place instanceof LedgerPlace.Local local
                ? new LocalRepository(local, branch)
                : new RemoteRepository((LedgerPlace.Remote) place, branch, readOnly);
    }

    /** {@return the branch to read and move} */
    final Branch branch() {
        return branch;
    }

    /** {@return whether it exists} */
    abstract boolean exists();

    /** Creates it if it is missing and may be created. */
    abstract void create();

    /** {@return the objects: its own, or those of the local copy} */
    final synchronized Repository open() {
        if (open == null) {
            open = connect();
        }
        return open;
    }

    /** {@return the objects, opened} */
    abstract Repository connect();

    /** {@return the newest commit of the branch, read again; null if there is none} */
    abstract @Nullable ObjectId refresh();

    /** {@return whether the branch moved from one commit to the other, and if not, why}
     *
     *  @param from the expected commit of the branch; null for none
     *  @param to a commit with that parent */
    abstract Publication publish(@Nullable ObjectId from, ObjectId to);

    /** {@return what would block the next append; empty if nothing is known}
     *
     *  @throws io.visitorcounter.release.ReleaseException.Unreachable if this user can't write it */
    abstract Optional<String> obstacle();

    /** {@return a name that is the same for every spelling of its address} */
    abstract String identity();

    @Override
    public synchronized void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
