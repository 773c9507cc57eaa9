package io.visitorcounter.release.ledger;

import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The git repository of a ledger, wherever it is. */
interface LedgerRepository extends AutoCloseable {

    /** {@return the repository at this place} */
    static LedgerRepository of(LedgerPlace place) {
        return place instanceof LedgerPlace.Local local
                ? new LocalRepository(local)
                : new RemoteRepository((LedgerPlace.Remote) place);
    }

    /** {@return whether there is one} */
    boolean exists();

    /** Creates it, where that is asked for and it is missing. */
    void create();

    /** {@return the objects: its own, or of the copy here} */
    Repository open();

    /** {@return the newest commit of the branch, asked anew; null if there is none} */
    @Nullable ObjectId refresh();

    /** {@return whether the branch went from the one commit to the other; false if another was first}
     *
     *  @param from what the branch is expected to be; null for nothing
     *  @param to a commit whose parent is that one */
    boolean publish(@Nullable ObjectId from, ObjectId to);

    @Override
    void close();
}
