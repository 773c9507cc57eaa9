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

    /** {@return the branch that is read and moved} */
    final Branch branch() {
        return branch;
    }

    /** {@return whether there is one} */
    abstract boolean exists();

    /** Creates it, where that is asked for and it is missing. */
    abstract void create();

    /** {@return the objects: its own, or of the copy here} */
    final synchronized Repository open() {
        if (open == null) {
            open = connect();
        }
        return open;
    }

    /** {@return the objects, opened} */
    abstract Repository connect();

    /** {@return the newest commit of the branch, asked anew; null if there is none} */
    abstract @Nullable ObjectId refresh();

    /** {@return whether the branch went from the one commit to the other, and if not, why}
     *
     *  @param from what the branch is expected to be; null for nothing
     *  @param to a commit whose parent is that one */
    abstract Publication publish(@Nullable ObjectId from, ObjectId to);

    /** {@return what would keep the next append from being published; empty if nothing is known to}
     *
     *  @throws io.visitorcounter.release.ReleaseException.Unreachable if it can't be written by this user */
    abstract Optional<String> obstacle();

    /** {@return a name of it that is the same for every way to write its address} */
    abstract String identity();

    @Override
    public synchronized void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
