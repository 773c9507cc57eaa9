package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The history at one moment: one commit of the ledger. Reads only what is asked for, never the commits before. */
public final class Snapshot {

    static final String HEAD_FILE = "head.json";

    private final String where;
    private final @Nullable ObjectId commit;
    private final Contents contents;

    Snapshot(Repository repository, String where, @Nullable ObjectId commit) {
        this.where = where;
        this.commit = commit;
        this.contents = Contents.of(repository, where, commit);
    }

    @Nullable ObjectId commit() {
        return commit;
    }

    @Nullable ObjectId tree() {
        return contents.tree();
    }

    /** {@return the commit's id; empty where nothing was released yet} */
    public Optional<String> id() {
        return Optional.ofNullable(commit).map(ObjectId::name);
    }

    /** {@return the newest entry; empty where nothing was released yet} */
    public Optional<EntryRef> head() {
        return file(HEAD_FILE).map(bytes -> EntryRef.read(where + ": " + HEAD_FILE, bytes));
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
        return history(environment, 1).stream().findFirst();
    }

    /** {@return the environment's releases, newest first}
     *
     *  @param environment which one
     *  @param limit at most so many */
    public List<Release> history(Environment environment, int limit) {
        List<String> versions = names(environment.name());
        List<Release> releases = new ArrayList<>();
        // The names have six digits, so git's order is the order of the versions.
        for (int i = versions.size() - 1; i >= 0 && releases.size() < limit; i--) {
            String name = versions.get(i);
            if (!name.equals(Freeze.FOLDER)) {
                releases.add(get(id(environment, name)));
            }
        }
        return releases;
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
                                    ? "only v1"
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
     *  @param folder separated by slashes; empty for the root */
    public List<String> names(String folder) {
        return contents.names(folder);
    }

    /** {@return the bytes of a file; empty if there is none}
     *
     *  @param path separated by slashes */
    public Optional<byte[]> file(String path) {
        return contents.file(path);
    }

    /** {@return the files under a folder by their path below it}
     *
     *  @param folder separated by slashes */
    public SortedMap<String, byte[]> files(String folder) {
        return contents.files(folder);
    }

    private ReleaseId id(Environment environment, String name) {
        try {
            int version = Integer.parseInt(name);
            if (Release.versionName(version).equals(name)) {
                return new ReleaseId(environment, version);
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other name that is not a version.
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
        EntryFields fields = new EntryFields(subject, CanonicalJson.parse(subject, bytes));
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

    @Override
    public String toString() {
        return where;
    }
}
