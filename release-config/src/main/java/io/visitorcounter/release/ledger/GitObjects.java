package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.InvalidObjectIdException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.RevWalkException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/** Reads objects of a git repository that may be damaged. JGit trusts what it finds under an id, so each object is
 *  checked against its id here. */
final class GitObjects {

    // Far more than the folder of a million releases needs.
    private static final int MAX_TREE_BYTES = 64 << 20;

    private GitObjects() {}

    /** Something that reads objects.
     *
     *  @param <T> the result */
    interface Reading<T> {

        T read() throws IOException;
    }

    /** {@return what was read}
     *
     *  @param where the ledger
     *  @throws ReleaseException.VerificationFailed if an object is missing or damaged: JGit reports some damage by
     *      unchecked exceptions */
    static <T> T read(String where, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw damaged(where, ReleaseException.reason(e));
        } catch (RevWalkException e) {
            throw damaged(
                    where,
                    e.getCause() instanceof IOException cause
                            ? ReleaseException.reason(cause)
                            : "a commit is unreadable");
        } catch (LargeObjectException | InvalidObjectIdException | IndexOutOfBoundsException e) {
            throw damaged(where, "an object is not what git writes");
        }
    }

    private static ReleaseException damaged(String where, String why) {
        return new ReleaseException.VerificationFailed(where + ": the repository is damaged: " + why
                + "; look with git fsck, and bring it back from a clone or a backup");
    }

    /** {@return a folder's content, to be walked} */
    static CanonicalTreeParser tree(ObjectReader reader, ObjectId id) throws IOException {
        byte[] bytes = reader.open(id, Constants.OBJ_TREE).getCachedBytes(MAX_TREE_BYTES);
        requireOwn(id, Constants.OBJ_TREE, bytes);
        CanonicalTreeParser parser = new CanonicalTreeParser();
        parser.reset(bytes);
        return parser;
    }

    /** Throws if an object's content is not the one that its id names.
     *
     *  @param type as in {@link Constants} */
    static void requireOwn(AnyObjectId id, int type, byte[] content) throws CorruptObjectException {
        try (ObjectInserter.Formatter ids = new ObjectInserter.Formatter()) {
            if (!ids.idFor(type, content).equals(id)) {
                throw new CorruptObjectException(id.toObjectId(), "its content is another's");
            }
        }
    }

    /** Throws if a commit, with its body, is not the one that its id names. */
    static void requireOwn(RevCommit commit) throws CorruptObjectException {
        requireOwn(commit, Constants.OBJ_COMMIT, commit.getRawBuffer());
    }
}
