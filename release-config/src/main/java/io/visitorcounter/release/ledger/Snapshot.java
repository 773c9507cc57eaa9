package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ReleaseId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The history at one moment: one commit of the ledger. Reads only what is requested, never the commits before. */
public final class Snapshot {

    private final String where;
    private final Branch branch;
    private final @Nullable ObjectId commit;
    private final Contents contents;

    /** One of a repository that is opened when the first object is asked for: without a commit there is none. */
    Snapshot(Supplier<Repository> repository, String where, Branch branch, @Nullable ObjectId commit) {
        this.branch = branch;
        this.where = where;
        this.commit = commit;
        this.contents = Contents.of(repository, where, commit);
    }

    Branch branch() {
        return branch;
    }

    @Nullable ObjectId commit() {
        return commit;
    }

    Repository repository() {
        return contents.repository();
    }

    @Nullable ObjectId tree() {
        return contents.tree();
    }

    /** {@return the newest entry; empty if there is none yet} */
    public Optional<EntryRef> head() {
        try {
            return file(LedgerLayout.HEAD).map(bytes -> EntryRef.read(where + ": " + LedgerLayout.HEAD, bytes));
        } catch (ReleaseException.VerificationFailed e) {
            throw new ReleaseException.VerificationFailed(e.getMessage() + branch.history(LedgerLayout.HEAD));
        }
    }

    /** Throws unless an entry can be appended: the branch belongs to a ledger, and its newest entry matches the head.
     *  What follows a broken entry could never be verified.
     *
     *  @throws ReleaseException.VerificationFailed if none can be appended */
    void requireAppendable() {
        Optional<EntryRef> head = head();
        if (head.isEmpty()) {
            List<String> names = names("");
            if (!names.isEmpty()) {
                boolean entries = names.stream().anyMatch(Environment::isValid);
                throw wrong(
                        "the branch " + branch.word(),
                        "has " + PrintableText.oneLine(names.get(0)) + " and no " + LedgerLayout.HEAD
                                + (entries ? ", which a ledger has" : ", so it is not one of a ledger")
                                + "; nothing was appended");
            }
            return;
        }
        EntryRef newest = head.get();
        Optional<Digest> there = file(newest.path()).map(Digest::of);
        if (!there.equals(Optional.of(newest.digest()))) {
            throw wrong(
                    newest.path(),
                    "the newest entry " + (there.isPresent() ? "has other bytes than " : "is gone, which ")
                            + LedgerLayout.HEAD + " says; nothing was appended, see release verify --all");
        }
        long sequence = entry(newest.path()).sequence();
        if (sequence != newest.sequence()) {
            throw wrong(
                    LedgerLayout.HEAD,
                    "says that the newest entry is number " + newest.sequence() + ", and it is number " + sequence
                            + "; nothing was appended, see release verify --all");
        }
    }

    /** {@return every environment that has an entry, sorted} */
    public List<Environment> environments() {
        return names("").stream()
                .filter(Environment::isValid)
                .map(Environment::new)
                .sorted()
                .toList();
    }

    /** {@return the environment's newest release} */
    public Optional<Release> last(Environment environment) {
        return history(environment, 1).stream().findFirst();
    }

    /** {@return the environment's releases, newest first} */
    public List<Release> history(Environment environment, int limit) {
        List<ReleaseId> versions = versions(environment);
        List<Release> releases = new ArrayList<>();
        for (int i = versions.size() - 1; i >= 0 && releases.size() < limit; i--) {
            releases.add(entry(LedgerLayout.entry(versions.get(i)), Release.class));
        }
        return releases;
    }

    // The names have six digits, so git's order is that of the versions.
    private List<ReleaseId> versions(Environment environment) {
        return names(environment.name()).stream()
                .filter(name -> !LedgerLayout.LISTS.contains(name))
                .map(name -> id(environment, name))
                .toList();
    }

    /** {@return the release of this name} */
    public Optional<Release> find(ReleaseId id) {
        return find(LedgerLayout.entry(id), Release.class);
    }

    /** {@return the release of this name}
     *
     *  @throws ReleaseException.NotFound if there is none */
    public Release get(ReleaseId id) {
        return find(id).orElseThrow(() -> {
            int last = versions(id.environment()).stream()
                    .mapToInt(ReleaseId::version)
                    .max()
                    .orElse(0);
            String have =
                    last == 0 ? "got none in " + id.environment() : last == 1 ? "got only v1" : "got v1 to v" + last;
            return new ReleaseException.NotFound(where + ": expected the release " + id.label() + ", " + have
                    + "; see release history " + id.environment());
        });
    }

    /** {@return the release with this version, or else the newest}
     *
     *  @param version which of its releases; empty: the newest
     *  @throws ReleaseException.NotFound if there is none */
    public Release resolve(Environment environment, Optional<Integer> version) {
        return version.map(number -> get(new ReleaseId(environment, number)))
                .or(() -> last(environment))
                .orElseThrow(() -> new ReleaseException.NotFound(
                        environment + ": no release yet; make one with release create " + environment));
    }

    /** {@return the environment's newest freeze, which says whether it is frozen now} */
    public Optional<Freeze> freeze(Environment environment) {
        return freezes(environment, 1).stream().findFirst();
    }

    /** {@return the environment's freezes and their ends, newest first} */
    public List<Freeze> freezes(Environment environment, int limit) {
        return listed(environment, LedgerLayout.FREEZES, Freeze.class)
                .limit(limit)
                .toList();
    }

    /** {@return the environment's approvals that were appended after an entry, newest first}
     *
     *  @param sequence of the entry; 0 for all of them */
    public List<Approval> approvals(Environment environment, long sequence) {
        return listed(environment, LedgerLayout.APPROVALS, Approval.class)
                .takeWhile(approval -> approval.sequence() > sequence)
                .toList();
    }

    /** {@return the environment's endorsements, newest first} */
    public List<Endorsement> endorsements(Environment environment) {
        return listed(environment, LedgerLayout.ENDORSEMENTS, Endorsement.class).toList();
    }

    /** {@return an endorsement's statements about the release image, bytes by file name} */
    public SortedMap<String, byte[]> images(Endorsement endorsement) {
        return files(LedgerLayout.folder(endorsement) + "/" + LedgerLayout.IMAGES);
    }

    // Newest first; each is read only when requested.
    private <E extends Entry> Stream<E> listed(Environment environment, String list, Class<E> type) {
        String folder = environment + "/" + list;
        return names(folder).stream()
                .filter(LedgerLayout::isEntryOfList)
                .sorted(Comparator.reverseOrder())
                .map(name -> entry(folder + "/" + name, type));
    }

    /** {@return the files of a release's bundle by name} */
    public SortedMap<String, byte[]> bundle(ReleaseId id) {
        return files(LedgerLayout.folder(id) + "/" + LedgerLayout.BUNDLE);
    }

    /** {@return manifests and configs of a release's images by file name} */
    public SortedMap<String, byte[]> images(ReleaseId id) {
        return files(LedgerLayout.folder(id) + "/" + LedgerLayout.IMAGES);
    }

    /** {@return the signatures of an entry, bytes by file name; none is verified} */
    public SortedMap<String, byte[]> signatures(Entry entry) {
        return files(LedgerLayout.signatures(entry));
    }

    /** {@return whether an entry has a signature}
     *
     *  @param entry an existing one; it is not read */
    public boolean isSigned(EntryRef entry) {
        return !names(LedgerLayout.signatures(entry.path())).isEmpty();
    }

    /** {@return the entry in this file}
     *
     *  @throws ReleaseException.VerificationFailed if there is none, or it has another form */
    public Entry entry(String path) {
        return entry(path, Entry.class);
    }

    private <E extends Entry> E entry(String path, Class<E> type) {
        return find(path, type).orElseThrow(() -> wrong(path, "expected an entry, got none" + branch.history(path)));
    }

    /** {@return the entry in this file, which must be of this kind; empty if there is none} */
    <E extends Entry> Optional<E> find(String path, Class<E> type) {
        return file(path).map(bytes -> {
            Entry entry = EntryCodec.read(where + ": " + path, bytes);
            if (!entry.path().equals(path)) {
                throw wrong(path, "says that it is " + entry.path());
            }
            if (!type.isInstance(entry)) {
                throw wrong(path, "expected " + (type == Release.class ? "a release" : "another kind of entry"));
            }
            return type.cast(entry);
        });
    }

    /** {@return the names in a folder, in git's order; empty if there is none}
     *
     *  @param folder separated by slashes; empty for the root */
    public List<String> names(String folder) {
        return contents.names(folder);
    }

    /** {@return the bytes of a file; empty if there is none} */
    public Optional<byte[]> file(String path) {
        return contents.file(path);
    }

    /** {@return the files under a folder by their path below it} */
    public SortedMap<String, byte[]> files(String folder) {
        return contents.files(folder);
    }

    private ReleaseId id(Environment environment, String name) {
        return LedgerLayout.release(environment, name)
                .orElseThrow(() -> wrong(environment + "/" + name, "not the name of a release"));
    }

    private ReleaseException wrong(String path, String what) {
        return new ReleaseException.VerificationFailed(where + ": " + path + ": " + what);
    }

    @Override
    public String toString() {
        return where;
    }
}
