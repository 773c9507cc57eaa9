package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Changes a ledger as nobody should: with plain git, past everything that appends. */
public final class TamperedLedger {

    private TamperedLedger() {}

    /** Rewrites the newest commit's files.
     *
     *  @param ledger a bare repository
     *  @param change what to do with the files, bytes by path */
    public static void change(Path ledger, Consumer<NavigableMap<String, byte[]>> change) {
        GitSystemReader.use();
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(ledger.toFile()).build()) {
            // What is made for a test need not outlive a power cut.
            repository.getConfig().setBoolean("core", null, "fsyncObjectFiles", false);
            ObjectInserter inserter = repository.newObjectInserter();
            ObjectId head = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            NavigableMap<String, byte[]> files = all(new Snapshot(repository, "tampered", head));
            change.accept(files);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(Trees.write(inserter, files));
            commit.setParentId(head);
            PersonIdent nobody = new PersonIdent("Mallory", "", Instant.EPOCH, ZoneOffset.UTC);
            commit.setAuthor(nobody);
            commit.setCommitter(nobody);
            commit.setMessage("tampered");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            force(repository, id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the branch lead to an earlier commit.
     *
     *  @param ledger a bare repository
     *  @param commits how many are cut off */
    public static void truncate(Path ledger, int commits) {
        GitSystemReader.use();
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(ledger.toFile()).build()) {
            force(repository, Objects.requireNonNull(repository.resolve(Ledger.BRANCH + "~" + commits)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NavigableMap<String, byte[]> all(Snapshot history) {
        NavigableMap<String, byte[]> files = new TreeMap<>();
        history.file(Snapshot.HEAD_FILE).ifPresent(bytes -> files.put(Snapshot.HEAD_FILE, bytes));
        for (String name : history.names("")) {
            history.files(name).forEach((path, bytes) -> files.put(name + "/" + path, bytes));
        }
        return files;
    }

    private static void force(Repository repository, ObjectId id) throws IOException {
        RefUpdate update = repository.updateRef(Ledger.BRANCH);
        update.setNewObjectId(id);
        update.setForceUpdate(true);
        update.update();
    }
}
