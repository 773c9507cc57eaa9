package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The folder of the environments' files, as the git repository around it sees it. */
public final class ConfigFolder {

    private static final int MAX_FILE_BYTES = 1 << 24;

    private ConfigFolder() {}

    /** {@return the commit that is checked out around the folder, and whether its files are as that commit has them}
     *
     *  @param folder the environments' files
     *  @throws ReleaseException.Unreachable if the repository can't be read */
    public static Optional<Release.ConfigCommit> commit(Path folder) {
        GitSystemReader.use();
        try {
            Path real = folder.toRealPath();
            FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(real.toFile());
            if (builder.getGitDir() == null) {
                return Optional.empty();
            }
            try (Repository repository = builder.build()) {
                ObjectId head = repository.resolve(Constants.HEAD);
                if (head == null || repository.isBare()) {
                    return Optional.empty();
                }
                Path top = repository.getWorkTree().toPath().toRealPath();
                String path = top.relativize(real).toString().replace('\\', '/');
                return Optional.of(new Release.ConfigCommit(
                        head.name(), committed(repository, head, path).equals(present(real))));
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": its git repository can't be read: " + e.getMessage(), e);
        }
    }

    /** {@return the folder's files as a commit has them, by path below it; empty if the repository lacks the commit}
     *
     *  @param folder the environments' files
     *  @param commit 40 hex digits
     *  @throws ReleaseException.Unreachable if the repository can't be read */
    public static Optional<Map<String, byte[]>> files(Path folder, String commit) {
        GitSystemReader.use();
        try {
            Path real = folder.toRealPath();
            FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(real.toFile());
            if (builder.getGitDir() == null || !ObjectId.isId(commit)) {
                return Optional.empty();
            }
            try (Repository repository = builder.build()) {
                ObjectId id = ObjectId.fromString(commit);
                if (!repository.getObjectDatabase().has(id)) {
                    return Optional.empty();
                }
                Path top = repository.getWorkTree().toPath().toRealPath();
                String path = top.relativize(real).toString().replace('\\', '/');
                Map<String, byte[]> files = new TreeMap<>();
                for (Map.Entry<String, ObjectId> file :
                        committed(repository, id, path).entrySet()) {
                    files.put(file.getKey(), repository.open(file.getValue()).getCachedBytes(MAX_FILE_BYTES));
                }
                return Optional.of(files);
            }
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": its git repository can't be read: " + e.getMessage(), e);
        }
    }

    private static SortedMap<String, ObjectId> committed(Repository repository, ObjectId commit, String path)
            throws IOException {
        SortedMap<String, ObjectId> files = new TreeMap<>();
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            ObjectId tree = commits.parseCommit(commit).getTree();
            if (!path.isEmpty()) {
                try (TreeWalk folder = TreeWalk.forPath(repository, path, tree)) {
                    if (folder == null || !folder.isSubtree()) {
                        return files;
                    }
                    tree = folder.getObjectId(0);
                }
            }
            walk.addTree(tree);
            walk.setRecursive(true);
            while (walk.next()) {
                files.put(walk.getPathString(), walk.getObjectId(0));
            }
        }
        return files;
    }

    private static SortedMap<String, ObjectId> present(Path folder) throws IOException {
        SortedMap<String, ObjectId> files = new TreeMap<>();
        try (ObjectInserter.Formatter hashes = new ObjectInserter.Formatter();
                Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(path -> !Files.isDirectory(path)).toList()) {
                byte[] bytes = Files.isSymbolicLink(file)
                        ? Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8)
                        : Files.readAllBytes(file);
                files.put(
                        folder.relativize(file).toString().replace('\\', '/'), hashes.idFor(Constants.OBJ_BLOB, bytes));
            }
        }
        return files;
    }
}
