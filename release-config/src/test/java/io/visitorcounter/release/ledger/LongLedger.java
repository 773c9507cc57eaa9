package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseId;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;

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

    private static void add(NavigableMap<String, byte[]> files, ReleaseId newest, int count) {
        Link head = Link.read("head", bytes(files, Snapshot.HEAD_FILE));
        Release[] pattern = new Release[2];
        for (int i = 0; i < 2; i++) {
            ReleaseId id = new ReleaseId(newest.environment(), newest.version() - 1 + i);
            String path = Release.folder(id) + "/entry.json";
            Fields fields = new Fields(path, CanonicalJson.parse(path, bytes(files, path)));
            fields.text("apiVersion");
            fields.text("kind");
            pattern[i] = Release.read(fields);
        }
        ReleaseId id = newest;
        for (int i = 0; i < count; i++) {
            Release source = pattern[i % 2];
            id = id.next();
            Release entry = new Release(
                    head.sequence() + 1,
                    Optional.of(head),
                    id,
                    Release.What.ROLLED_BACK,
                    Optional.of(source.id()),
                    source.content(),
                    source.act());
            copy(files, Release.folder(source.id()), Release.folder(id));
            files.put(entry.path(), entry.bytes());
            head = new Link(entry.sequence(), entry.path(), Digest.of(entry.bytes()));
        }
        files.put(Snapshot.HEAD_FILE, CanonicalJson.bytes(head.json()));
    }

    private static void copy(NavigableMap<String, byte[]> files, String from, String to) {
        SortedMap<String, byte[]> source = new java.util.TreeMap<>(files.subMap(from + "/", true, from + "0", false));
        source.forEach((path, bytes) -> files.put(to + path.substring(from.length()), bytes));
    }

    private static byte[] bytes(NavigableMap<String, byte[]> files, String path) {
        return java.util.Objects.requireNonNull(files.get(path), path);
    }
}
