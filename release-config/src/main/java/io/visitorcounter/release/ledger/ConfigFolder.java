package io.visitorcounter.release.ledger;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The folder of the environments' files, as its git repository sees it. */
public final class ConfigFolder {

    private ConfigFolder() {}

    /** What git knows of an environment's files.
     *
     *  @param commit the commit that is checked out around them; empty if there is none
     *  @param changes how the files differ from the commit, one line each; empty: they do not
     *  @param noCommit why there is no commit, in a few words; empty if there is one */
    public record ConfigState(Optional<String> commit, List<String> changes, String noCommit) {

        static ConfigState none(String why) {
            return new ConfigState(Optional.empty(), List.of(), why);
        }

        /** {@return the commit in the form of an entry} */
        public Optional<Release.ConfigCommit> recorded() {
            return commit.map(id -> new Release.ConfigCommit(id, changes.isEmpty()));
        }
    }

    /** {@return what git knows about the files that an environment includes}
     *
     *  @param used the files that were read, by path below the folder
     *  @throws ReleaseException.Unreachable if the repository can't be read */
    public static ConfigState state(Path folder, Set<String> used) {
        try {
            Path real = folder.toRealPath();
            FileRepositoryBuilder builder = builder(real);
            if (builder.getGitDir() == null) {
                return ConfigState.none("files of no git repository");
            }
            try (Repository repository = builder.build()) {
                String format = repository.getConfig().getString("extensions", null, "objectFormat");
                if (format != null && !format.equalsIgnoreCase("sha1")) {
                    return ConfigState.none("a repository in git's " + PrintableText.oneLine(format)
                            + " format, which this tool can't read");
                }
                ObjectId head = repository.isBare() ? null : repository.resolve(Constants.HEAD);
                if (head == null) {
                    return ConfigState.none("files of a git repository without a commit");
                }
                SortedMap<String, ObjectId> committed = committed(repository, head, below(repository, real));
                return new ConfigState(Optional.of(head.name()), changes(real, committed, withTargets(real, used)), "");
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** {@return the folder's files in a commit, by path below the folder; empty if the repository lacks the commit}
     *
     *  @param commit 40 hex digits
     *  @param max how many bytes of each file are read
     *  @throws ReleaseException.Unreachable if the repository can't be read */
    public static Optional<Map<String, byte[]>> files(Path folder, String commit, int max) {
        try {
            Path real = folder.toRealPath();
            FileRepositoryBuilder builder = builder(real);
            if (builder.getGitDir() == null || !ObjectId.isId(commit)) {
                return Optional.empty();
            }
            try (Repository repository = builder.build()) {
                ObjectId id = ObjectId.fromString(commit);
                if (!repository.getObjectDatabase().has(id)) {
                    return Optional.empty();
                }
                Map<String, byte[]> files = new TreeMap<>();
                for (Map.Entry<String, ObjectId> file :
                        committed(repository, id, below(repository, real)).entrySet()) {
                    try (ObjectStream bytes = repository.open(file.getValue()).openStream()) {
                        files.put(file.getKey(), bytes.readNBytes(max));
                    }
                }
                return Optional.of(files);
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static FileRepositoryBuilder builder(Path folder) {
        GitSystemReader.use();
        return new FileRepositoryBuilder().findGitDir(folder.toFile());
    }

    private static ReleaseException unreadable(Path folder, IOException e) {
        return new ReleaseException.Unreachable(
                folder + ": its git repository can't be read: " + ReleaseException.reason(e), e);
    }

    private static String below(Repository repository, Path folder) throws IOException {
        return path(repository.getWorkTree().toPath().toRealPath(), folder);
    }

    private static String path(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
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

    // To git, a link is a file, and its target is another, which must be committed too.
    private static SortedSet<String> withTargets(Path folder, Set<String> used) throws IOException {
        SortedSet<String> files = new TreeSet<>(used);
        for (String name : used) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                Path real = file.toRealPath();
                if (real.startsWith(folder)) {
                    files.add(path(folder, real));
                }
            }
        }
        return files;
    }

    private static List<String> changes(Path folder, SortedMap<String, ObjectId> committed, SortedSet<String> used)
            throws IOException {
        List<String> changes = new ArrayList<>();
        try (ObjectInserter.Formatter hashes = new ObjectInserter.Formatter()) {
            for (String name : used) {
                Path file = folder.resolve(name);
                ObjectId before = committed.get(name);
                // Below a linked folder, the path is not in the commit; its target is, and is among these files.
                if (before == null && isBehindLink(folder, file)) {
                    continue;
                }
                byte[] bytes = bytes(file);
                if (before == null) {
                    changes.add(name + " (not in the commit)");
                } else if (!hashes.idFor(Constants.OBJ_BLOB, bytes).equals(before)) {
                    boolean lineEnds = hashes.idFor(Constants.OBJ_BLOB, withoutCarriageReturns(bytes))
                            .equals(before);
                    changes.add(name + (lineEnds ? " (line ends differ from the commit)" : " (changed)"));
                }
            }
        }
        // A deleted optional include changes the config too.
        committed.keySet().stream()
                .filter(name -> name.endsWith(".conf"))
                .filter(name -> !Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .forEach(name -> changes.add(name + " (deleted)"));
        return changes;
    }

    private static boolean isBehindLink(Path folder, Path file) throws IOException {
        return !file.toRealPath().equals(folder.resolve(path(folder, file)).normalize()) && !Files.isSymbolicLink(file);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.isSymbolicLink(file)
                ? Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8)
                : Files.readAllBytes(file);
    }

    private static byte[] withoutCarriageReturns(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\r' || i + 1 == bytes.length || bytes[i + 1] != '\n') {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }
}
