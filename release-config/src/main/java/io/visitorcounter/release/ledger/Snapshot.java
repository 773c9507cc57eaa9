package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The history at one moment: one commit of the ledger. Reads only what is asked for, never the commits before. */
public final class Snapshot {

    static final String HEAD_FILE = "head.json";

    // More than any entry, and few enough to read whole.
    private static final int MAX_FILE_BYTES = 16 << 20;

    private final Repository repository;
    private final String where;
    private final @Nullable ObjectId commit;
    private final @Nullable ObjectId tree;
    private final Map<ObjectId, Map<String, Item>> longFolders = new ConcurrentHashMap<>();

    Snapshot(Repository repository, String where, @Nullable ObjectId commit) {
        this.repository = repository;
        this.where = where;
        this.commit = commit;
        this.tree = commit == null ? null : tree(commit);
    }

    @Nullable ObjectId commit() {
        return commit;
    }

    @Nullable ObjectId tree() {
        return tree;
    }

    /** {@return the commit's id; empty where nothing was released yet} */
    public Optional<String> id() {
        return Optional.ofNullable(commit).map(ObjectId::name);
    }

    /** {@return the newest entry; empty where nothing was released yet} */
    public Optional<Link> head() {
        return file(HEAD_FILE).map(bytes -> Link.read(where + ": " + HEAD_FILE, bytes));
    }

    /** {@return every environment that has an entry, sorted} */
    public List<Environment> environments() {
        return names("").stream()
                .filter(Environment::isValid)
                .filter(name -> !name.equals(HEAD_FILE))
                .map(Environment::new)
                .sorted()
                .toList();
    }

    /** {@return the environment's newest release}
     *
     *  @param environment which one */
    public Optional<Release> last(Environment environment) {
        return newest(environment, 1, ReleaseId.LAST_VERSION).stream().findFirst();
    }

    /** {@return the environment's releases, newest first}
     *
     *  @param environment which one
     *  @param limit at most so many */
    public List<Release> history(Environment environment, int limit) {
        return newest(environment, limit, ReleaseId.LAST_VERSION);
    }

    /** {@return the release of this name}
     *
     *  @param id environment and version */
    public Optional<Release> find(ReleaseId id) {
        return file(Release.folder(id) + "/entry.json").map(bytes -> release(id, bytes));
    }

    /** {@return the release of this name}
     *
     *  @param id environment and version
     *  @throws ReleaseException.NotFound if there is none */
    public Release get(ReleaseId id) {
        return find(id).orElseThrow(() -> {
            String have = last(id.environment())
                    .map(last -> "got "
                            + (last.id().version() == 1
                                    ? "v1 alone"
                                    : "v1 to v" + last.id().version()))
                    .orElse("got none in " + id.environment());
            return new ReleaseException.NotFound(where + ": expected the release " + id.label() + ", " + have
                    + "; see release history " + id.environment());
        });
    }

    /** {@return the environment's newest freeze, which says whether it is frozen now}
     *
     *  @param environment which one */
    public Optional<Freeze> freeze(Environment environment) {
        String folder = environment + "/" + Freeze.FOLDER;
        return names(folder).stream().max(String::compareTo).map(name -> {
            String path = folder + "/" + name;
            if (entry(path) instanceof Freeze freeze) {
                return freeze;
            }
            throw wrong(path, "expected a freeze");
        });
    }

    /** {@return the files of a release's bundle by name}
     *
     *  @param id a release that is there */
    public SortedMap<String, byte[]> bundle(ReleaseId id) {
        return files(Release.folder(id) + "/bundle");
    }

    /** {@return manifests and configs of a release's images by file name}
     *
     *  @param id a release that is there */
    public SortedMap<String, byte[]> images(ReleaseId id) {
        return files(Release.folder(id) + "/image");
    }

    /** {@return the entry of which this is the file}
     *
     *  @param path where it lies
     *  @throws ReleaseException.VerificationFailed if there is none, or it has another form */
    public Entry entry(String path) {
        return entry(path, file(path).orElseThrow(() -> wrong(path, "expected an entry, got none")));
    }

    /** {@return the names in a folder, in git's order; empty if there is none}
     *
     *  @param folder parted by slashes; empty for the root */
    public List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader()) {
            ObjectId id = folder.isEmpty() ? tree : find(reader, folder, FileMode.TREE);
            if (id != null) {
                int depth = folder.isEmpty() ? 0 : folder.split("/", -1).length;
                names.addAll(items(reader, id, depth).keySet());
            }
            return names;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return the bytes of a file; empty if there is none}
     *
     *  @param path parted by slashes */
    public Optional<byte[]> file(String path) {
        try (ObjectReader reader = repository.newObjectReader()) {
            ObjectId id = find(reader, path, FileMode.REGULAR_FILE);
            return id == null ? Optional.empty() : Optional.of(read(reader, id));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** {@return the files under a folder by their path below it}
     *
     *  @param folder parted by slashes */
    public SortedMap<String, byte[]> files(String folder) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new TreeWalk(reader)) {
            ObjectId id = find(reader, folder, FileMode.TREE);
            if (id == null) {
                return files;
            }
            walk.addTree(id);
            walk.setRecursive(true);
            while (walk.next()) {
                files.put(walk.getPathString(), read(reader, walk.getObjectId(0)));
            }
            return files;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private List<Release> newest(Environment environment, int limit, int greatest) {
        List<String> versions = names(environment.name());
        List<Release> releases = new ArrayList<>();
        // The names have six digits, so git's order is the order of the versions.
        for (int i = versions.size() - 1; i >= 0 && releases.size() < limit; i--) {
            String name = versions.get(i);
            if (!name.equals(Freeze.FOLDER)) {
                ReleaseId id = id(environment, name, greatest);
                releases.add(get(id));
            }
        }
        return releases;
    }

    private ReleaseId id(Environment environment, String name, int greatest) {
        try {
            int version = Integer.parseInt(name);
            if (version <= greatest && Release.versionName(version).equals(name)) {
                return new ReleaseId(environment, version);
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other name that is no version.
        }
        throw wrong(environment + "/" + name, "not the name of a release");
    }

    private Release release(ReleaseId id, byte[] bytes) {
        String path = Release.folder(id) + "/entry.json";
        Entry entry = entry(path, bytes);
        if (entry instanceof Release release) {
            return release;
        }
        throw wrong(path, "expected a release");
    }

    private Entry entry(String path, byte[] bytes) {
        String subject = where + ": " + path;
        Fields fields = new Fields(subject, CanonicalJson.parse(subject, bytes));
        String version = fields.text("apiVersion");
        if (!version.equals(Entry.API_VERSION)) {
            throw wrong(path, "apiVersion: expected " + Entry.API_VERSION + ", got " + version);
        }
        Entry entry = switch (fields.text("kind")) {
            case "Release" -> Release.read(fields);
            case "Freeze" -> Freeze.read(fields);
            default -> throw fields.invalid("kind", "expected Release or Freeze");
        };
        fields.end();
        if (!entry.path().equals(path)) {
            throw wrong(path, "says that it is " + entry.path());
        }
        return entry;
    }

    private ReleaseException wrong(String path, String what) {
        return new ReleaseException.VerificationFailed(List.of(where + ": " + path + ": " + what));
    }

    private @Nullable ObjectId find(ObjectReader reader, String path, FileMode mode) throws IOException {
        ObjectId at = tree;
        FileMode is = FileMode.TREE;
        int depth = 0;
        for (String name : path.split("/", -1)) {
            if (at == null || is != FileMode.TREE) {
                return null;
            }
            Item item = items(reader, at, depth++).get(name);
            at = item == null ? null : item.id();
            is = item == null ? FileMode.MISSING : item.mode();
        }
        return is == mode ? at : null;
    }

    private record Item(ObjectId id, FileMode mode) {}

    /** What is in a folder. Those of the top two levels are long and are looked into again and again. */
    private Map<String, Item> items(ObjectReader reader, ObjectId folder, int depth) throws IOException {
        Map<String, Item> known = longFolders.get(folder);
        if (known != null) {
            return known;
        }
        Map<String, Item> items = new LinkedHashMap<>();
        CanonicalTreeParser parser = new CanonicalTreeParser(null, reader, folder);
        for (; !parser.eof(); parser.next()) {
            items.put(parser.getEntryPathString(), new Item(parser.getEntryObjectId(), parser.getEntryFileMode()));
        }
        if (depth < 2) {
            longFolders.put(folder, items);
        }
        return items;
    }

    private static byte[] read(ObjectReader reader, ObjectId id) throws IOException {
        ObjectLoader loader = reader.open(id);
        return loader.getCachedBytes(MAX_FILE_BYTES);
    }

    private ObjectId tree(ObjectId id) {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(id).getTree().getId();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ReleaseException unreadable(IOException e) {
        return new ReleaseException.VerificationFailed(
                List.of(where + ": the repository is damaged: " + e.getMessage()));
    }

    @Override
    public String toString() {
        return where;
    }
}
