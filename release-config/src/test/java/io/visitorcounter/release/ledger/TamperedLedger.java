package io.visitorcounter.release.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Changes a ledger as nobody should: with plain git, past everything that appends. */
public final class TamperedLedger {

    private TamperedLedger() {}

    /** Puts a commit with other files on top, as a push by hand does.
     *
     *  @param ledger a bare repository
     *  @param change what to do with the files, bytes by path */
    public static void change(Path ledger, Consumer<NavigableMap<String, byte[]>> change) {
        write(ledger, (repository, inserter) -> {
            ObjectId head = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            NavigableMap<String, byte[]> files = all(new Snapshot(() -> repository, "tampered", Branch.RELEASES, head));
            change.accept(files);
            return commit(inserter, tree(inserter, files), head);
        });
    }

    /** Does something to a ledger, and puts its branch back to where it was.
     *
     *  @param ledger a bare repository
     *  @param work what to do */
    public static void keeping(Path ledger, Runnable work) {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(ledger.toFile()).build()) {
            ObjectId before = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            work.run();
            RefUpdate back = repository.updateRef(Ledger.BRANCH);
            back.setNewObjectId(before);
            back.forceUpdate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a commit on top in which a file has another mode and the same bytes, as {@code chmod +x} does.
     *
     *  @param ledger a bare repository
     *  @param path of the file
     *  @param mode as {@code git ls-tree} prints it, such as 100755 */
    public static void mode(Path ledger, String path, String mode) {
        write(ledger, (repository, inserter) -> {
            ObjectId head = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            DirCache files = DirCache.newInCore();
            try (ObjectReader reader = repository.newObjectReader()) {
                DirCacheBuilder builder = files.builder();
                builder.addTree(
                        new byte[0], 0, reader, Objects.requireNonNull(repository.resolve(Ledger.BRANCH + "^{tree}")));
                builder.finish();
            }
            Objects.requireNonNull(files.getEntry(path)).setFileMode(FileMode.fromBits(Integer.parseInt(mode, 8)));
            return commit(inserter, files.writeTree(inserter), head);
        });
    }

    /** Puts a commit on top that takes back the newest one, as {@code git revert} does.
     *
     *  @param ledger a bare repository */
    public static void revert(Path ledger) {
        write(ledger, (repository, inserter) -> {
            ObjectId head = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            ObjectId before = Objects.requireNonNull(repository.resolve(Ledger.BRANCH + "~1^{tree}"));
            return commit(inserter, before, head);
        });
    }

    /** Gives the branch a first commit of its own.
     *
     *  @param ledger a bare repository
     *  @param files bytes by path */
    public static void replace(Path ledger, SortedMap<String, byte[]> files) {
        write(ledger, (repository, inserter) -> commit(inserter, tree(inserter, files)));
    }

    /** Merges a branch that has nothing but a file.
     *
     *  @param ledger a bare repository
     *  @param file its name, at the top */
    public static void merge(Path ledger, String file) {
        write(ledger, (repository, inserter) -> {
            ObjectId head = Objects.requireNonNull(repository.resolve(Ledger.BRANCH));
            byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
            ObjectId other = commit(inserter, tree(inserter, new TreeMap<>(Map.of(file, text))));
            NavigableMap<String, byte[]> files = all(new Snapshot(() -> repository, "tampered", Branch.RELEASES, head));
            files.put(file, text);
            return commit(inserter, tree(inserter, files), head, other);
        });
    }

    /** Replaces the newest commit by one that differs only in its signature.
     *
     *  @param ledger a bare repository
     *  @param signature of a commit without one; empty for none */
    public static void sign(Path ledger, Function<byte[], Optional<String>> signature) {
        write(ledger, (repository, inserter) -> {
            RevCommit tip = repository.parseCommit(Objects.requireNonNull(repository.resolve(Ledger.BRANCH)));
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tip.getTree());
            commit.setParentIds(tip.getParents());
            commit.setAuthor(tip.getAuthorIdent());
            commit.setCommitter(tip.getCommitterIdent());
            commit.setMessage(tip.getFullMessage());
            signature
                    .apply(commit.build())
                    .ifPresent(
                            text -> commit.setGpgSignature(new GpgSignature(text.getBytes(StandardCharsets.US_ASCII))));
            return inserter.insert(commit);
        });
    }

    private interface Writing {
        ObjectId write(Repository repository, ObjectInserter inserter) throws IOException;
    }

    private static void write(Path ledger, Writing writing) {
        GitSystemReader.use();
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(ledger.toFile()).build();
                ObjectInserter inserter = repository.newObjectInserter()) {
            // What is made for a test need not outlive a power cut.
            repository.getConfig().setBoolean("core", null, "fsyncObjectFiles", false);
            ObjectId id = writing.write(repository, inserter);
            inserter.flush();
            force(repository, id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectId commit(ObjectInserter inserter, ObjectId tree, ObjectId... parents) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentIds(parents);
        PersonIdent nobody = new PersonIdent("Mallory", "", Instant.EPOCH, ZoneOffset.UTC);
        commit.setAuthor(nobody);
        commit.setCommitter(nobody);
        commit.setMessage("tampered");
        return inserter.insert(commit);
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
        for (String name : history.names("")) {
            history.file(name).ifPresent(bytes -> files.put(name, bytes));
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

    /** {@return the id of what git names so, which must be there} */
    public static String id(Path ledger, String name) {
        try (Repository repository = GitSystemReader.open(ledger)) {
            return Objects.requireNonNull(repository.resolve(name), name).name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectId tree(ObjectInserter inserter, SortedMap<String, byte[]> files) throws IOException {
        try (ObjectReader reader = inserter.newReader()) {
            return new Trees(inserter, reader).write(files);
        }
    }
}
