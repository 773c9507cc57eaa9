package io.visitorcounter.release.ledger;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/** The folders and files of one commit, by path. Reads only what is requested. Thread-safe. */
final class Contents {

    // More than any entry needs, and small enough to read whole.
    private static final int MAX_FILE_BYTES = 16 << 20;

    private final Supplier<Repository> repository;
    private final String where;
    private final @Nullable ObjectId tree;
    private final Map<ObjectId, Map<String, TreeItem>> longFolders = new ConcurrentHashMap<>();
    private final Map<ObjectId, Map<String, TreeItem>> lastFolders = Collections.synchronizedMap(new LastFolders());

    private Contents(Supplier<Repository> repository, String where, @Nullable ObjectId tree) {
        this.repository = repository;
        this.where = where;
        this.tree = tree;
    }

    /** {@return the content of a commit; empty if there is none} */
    static Contents of(Supplier<Repository> repository, String where, @Nullable ObjectId commit) {
        if (commit == null) {
            return new Contents(repository, where, null);
        }
        return GitObjects.read(where, () -> {
            try (RevWalk walk = new RevWalk(repository.get())) {
                RevCommit parsed = walk.parseCommit(commit);
                GitObjects.requireOwn(parsed);
                return new Contents(repository, where, parsed.getTree().getId());
            }
        });
    }

    Repository repository() {
        return repository.get();
    }

    /** {@return the root; null if there is no commit} */
    @Nullable ObjectId tree() {
        return tree;
    }

    /** {@return the names in a folder, in git's order; empty if there is none} */
    List<String> names(String folder) {
        if (tree == null) {
            return List.of();
        }
        return reading(reader -> {
            ObjectId id = folder.isEmpty() ? tree : folder(reader, folder);
            int depth = folder.isEmpty() ? 0 : folder.split("/", -1).length;
            return id == null ? List.of() : List.copyOf(items(reader, id, depth).keySet());
        });
    }

    /** {@return the bytes of a file; empty if there is none}
     *
     *  @throws ReleaseException.VerificationFailed if it is not a plain file, but an executable or a symbolic link, for
     *      example */
    Optional<byte[]> file(String path) {
        if (tree == null) {
            return Optional.empty();
        }
        return reading(reader -> {
            TreeItem item = find(reader, path);
            if (item == null || item.mode() == FileMode.TREE) {
                return Optional.empty();
            }
            requirePlain(path, item.mode());
            return Optional.of(read(reader, item.id(), path));
        });
    }

    /** {@return the files under a folder by their path below it}
     *
     *  @throws ReleaseException.VerificationFailed if one is not a plain file */
    SortedMap<String, byte[]> files(String folder) {
        if (tree == null) {
            return new TreeMap<>();
        }
        return reading(reader -> {
            SortedMap<String, byte[]> files = new TreeMap<>();
            ObjectId id = folder(reader, folder);
            if (id != null) {
                collect(reader, id, folder + "/", "", files);
            }
            return files;
        });
    }

    private interface ReaderUse<T> {

        T of(ObjectReader reader) throws IOException;
    }

    private <T> T reading(ReaderUse<T> use) {
        return GitObjects.read(where, () -> {
            try (ObjectReader reader = repository.get().newObjectReader()) {
                return use.of(reader);
            }
        });
    }

    private void collect(ObjectReader reader, ObjectId id, String above, String below, SortedMap<String, byte[]> files)
            throws IOException {
        int depth = (above + below).split("/", -1).length - 1;
        for (Map.Entry<String, TreeItem> each : items(reader, id, depth).entrySet()) {
            String path = below + each.getKey();
            TreeItem item = each.getValue();
            if (item.mode() == FileMode.TREE) {
                collect(reader, item.id(), above, path + "/", files);
            } else {
                requirePlain(above + path, item.mode());
                files.put(path, read(reader, item.id(), above + path));
            }
        }
    }

    private @Nullable ObjectId folder(ObjectReader reader, String path) throws IOException {
        TreeItem item = find(reader, path);
        return item == null || item.mode() != FileMode.TREE ? null : item.id();
    }

    private @Nullable TreeItem find(ObjectReader reader, String path) throws IOException {
        TreeItem at = tree == null ? null : new TreeItem(tree, FileMode.TREE);
        int depth = 0;
        for (String name : path.split("/", -1)) {
            if (at == null || at.mode() != FileMode.TREE) {
                return null;
            }
            at = items(reader, at.id(), depth++).get(name);
        }
        return at;
    }

    // The digest of a file's bytes does not cover its mode; a checkout of the ledger would create a program or a link.
    private void requirePlain(String path, FileMode mode) {
        if (mode != FileMode.REGULAR_FILE) {
            String is = mode == FileMode.EXECUTABLE_FILE
                    ? "an executable one"
                    : mode == FileMode.SYMLINK
                            ? "a symbolic link"
                            : mode == FileMode.GITLINK ? "a submodule" : "mode " + mode;
            throw new ReleaseException.VerificationFailed(where + ": " + path + ": expected a plain file, got " + is);
        }
    }

    private record TreeItem(ObjectId id, FileMode mode) {}

    /** The most recently read folders, all below the top two levels: after a release's entry, more of its folder is
     *  usually read. */
    private static final class LastFolders extends LinkedHashMap<ObjectId, Map<String, TreeItem>> {

        private static final int MAX = 64;

        private LastFolders() {
            super(MAX, 1, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Map<String, TreeItem>> eldest) {
            return size() > MAX;
        }
    }

    /** The content of a folder. Folders of the top two levels are long and are read again and again. */
    private Map<String, TreeItem> items(ObjectReader reader, ObjectId folder, int depth) throws IOException {
        Map<ObjectId, Map<String, TreeItem>> kept = depth < 2 ? longFolders : lastFolders;
        Map<String, TreeItem> known = kept.get(folder);
        if (known != null) {
            return known;
        }
        Map<String, TreeItem> items = new LinkedHashMap<>();
        CanonicalTreeParser parser = GitObjects.tree(reader, folder);
        for (; !parser.eof(); parser.next()) {
            items.put(parser.getEntryPathString(), new TreeItem(parser.getEntryObjectId(), parser.getEntryFileMode()));
        }
        kept.put(folder, items);
        return items;
    }

    private byte[] read(ObjectReader reader, ObjectId id, String path) throws IOException {
        ObjectLoader loader = reader.open(id);
        if (loader.getSize() > MAX_FILE_BYTES) {
            throw new ReleaseException.VerificationFailed(
                    where + ": " + path + ": expected at most " + MAX_FILE_BYTES + " bytes, got " + loader.getSize());
        }
        byte[] bytes = loader.getCachedBytes(MAX_FILE_BYTES);
        GitObjects.requireOwn(id, loader.getType(), bytes);
        return bytes;
    }
}
