package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/** Makes a long history of a short one, faster than releasing would. */
public final class LongLedger {

    private LongLedger() {}

    /** Appends releases with the content of the newest two, in turn.
     *
     *  @param ledger a bare repository with at least two releases of the environment
     *  @param newest of them
     *  @param count how many */
    public static void grow(Path ledger, ReleaseId newest, int count) {
        TamperedLedger.change(ledger, files -> add(files, newest, count));
    }

    /** Takes away the objects of releases, and leaves them their names: whoever reads one of them fails.
     *
     *  @param ledger a bare repository with loose objects
     *  @param oldest the first of them
     *  @param newest the last of them */
    public static void forget(Path ledger, ReleaseId oldest, ReleaseId newest) {
        try (Repository repository = new FileRepositoryBuilder()
                        .setBare()
                        .setGitDir(ledger.toFile())
                        .build();
                RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(commits.parseCommit(repository.resolve(Ledger.BRANCH)).getTree());
            walk.setFilter(PathFilter.create(oldest.environment().name()));
            while (walk.next()) {
                if (walk.getDepth() == 0) {
                    walk.enterSubtree();
                } else if (isWithin(walk.getNameString(), oldest, newest)) {
                    String id = walk.getObjectId(0).name();
                    Files.delete(ledger.resolve("objects")
                            .resolve(id.substring(0, 2))
                            .resolve(id.substring(2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isWithin(String name, ReleaseId oldest, ReleaseId newest) {
        return name.compareTo(name(oldest)) >= 0 && name.compareTo(name(newest)) <= 0;
    }

    private static String name(ReleaseId release) {
        return LedgerLayout.folder(release)
                .substring(LedgerLayout.folder(release).indexOf('/') + 1);
    }

    private static void add(NavigableMap<String, byte[]> files, ReleaseId newest, int count) {
        EntryRef head = EntryRef.read("head", bytes(files, LedgerLayout.HEAD));
        Release[] pattern = new Release[2];
        for (int i = 0; i < 2; i++) {
            ReleaseId id = new ReleaseId(newest.environment(), newest.version() - 1 + i);
            String path = LedgerLayout.entry(id);
            pattern[i] = (Release) EntryCodec.read(path, bytes(files, path));
        }
        ReleaseId id = newest;
        for (int i = 0; i < count; i++) {
            Release source = pattern[i % 2];
            id = new ReleaseId(id.environment(), id.version() + 1);
            Release entry = new Release(
                    new EntryHeader(
                            head.sequence() + 1, Optional.of(head), id.environment(), id.version(), source.audit()),
                    Release.Origin.ROLLED_BACK,
                    Optional.of(source.id()),
                    source.content());
            copy(files, LedgerLayout.folder(source.id()), LedgerLayout.folder(id));
            files.put(entry.path(), entry.bytes());
            head = new EntryRef(entry.sequence(), entry.path(), Digest.of(entry.bytes()));
        }
        files.put(LedgerLayout.HEAD, CanonicalJson.bytes(head.json()));
    }

    private static void copy(NavigableMap<String, byte[]> files, String from, String to) {
        SortedMap<String, byte[]> source = new java.util.TreeMap<>(files.subMap(from + "/", true, from + "0", false));
        source.forEach((path, bytes) -> files.put(to + path.substring(from.length()), bytes));
    }

    private static byte[] bytes(NavigableMap<String, byte[]> files, String path) {
        return java.util.Objects.requireNonNull(files.get(path), path);
    }
}
