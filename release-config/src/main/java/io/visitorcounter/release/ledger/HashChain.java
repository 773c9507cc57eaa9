package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The whole ledger, walked from its newest entry back to its first: an edited, removed, reordered, renumbered or added
 *  entry is found, as each names the digest of the one before. */
public final class HashChain {

    private final Snapshot history;
    private final List<String> faults = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    private HashChain(Snapshot history) {
        this.history = history;
    }

    /** {@return the chain of a history, walked}
     *
     *  @param history any history */
    public static HashChain walk(Snapshot history) {
        HashChain chain = new HashChain(history);
        chain.walkBack();
        chain.findStrays();
        return chain;
    }

    /** {@return what is wrong, a line each; empty if all is well} */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** {@return the entries that were found, newest first} */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    private void walkBack() {
        Optional<EntryRef> next;
        try {
            next = history.head();
        } catch (ReleaseException.VerificationFailed e) {
            faults.addAll(e.faults());
            return;
        }
        Map<Environment, Integer> versions = new HashMap<>();
        Map<Environment, Integer> freezes = new HashMap<>();
        while (next.isPresent()) {
            EntryRef link = next.get();
            Optional<byte[]> bytes = history.file(link.path());
            if (bytes.isEmpty()) {
                fault(link.path(), "entry number " + link.sequence() + " is missing");
                return;
            }
            if (!Digest.of(bytes.get()).equals(link.digest())) {
                fault(
                        link.path(),
                        "expected " + link.digest() + " as the entry after it says, got " + Digest.of(bytes.get()));
            }
            Entry entry;
            try {
                entry = history.entry(link.path());
            } catch (ReleaseException.VerificationFailed e) {
                faults.addAll(e.faults());
                return;
            }
            entries.add(entry);
            if (entry.sequence() != link.sequence()) {
                fault(link.path(), "sequence: expected " + link.sequence() + ", got " + entry.sequence());
                return;
            }
            if (!java.util.Arrays.equals(entry.bytes(), bytes.get())) {
                fault(link.path(), "is not in the form that this tool writes");
            }
            numbered(entry, versions, freezes);
            next = entry.previous();
            long before = next.map(EntryRef::sequence).orElse(0L);
            if (before != entry.sequence() - 1) {
                fault(link.path(), "expected entry number " + (entry.sequence() - 1) + " before it, got " + before);
                return;
            }
        }
        versions.forEach((environment, lowest) -> begins(environment + "'s releases", lowest));
        freezes.forEach((environment, lowest) -> begins(environment + "'s freezes", lowest));
    }

    private void numbered(Entry entry, Map<Environment, Integer> versions, Map<Environment, Integer> freezes) {
        boolean isRelease = entry instanceof Release;
        Map<Environment, Integer> lowest = isRelease ? versions : freezes;
        int number = isRelease ? ((Release) entry).id().version() : ((Freeze) entry).number();
        Integer above = lowest.put(entry.environment(), number);
        if (above != null && above != number + 1) {
            fault(
                    entry.path(),
                    "expected number " + (above - 1) + " before number " + above + " of " + entry.environment()
                            + ", got " + number);
        }
    }

    private void begins(String what, int lowest) {
        if (lowest != 1) {
            fault(what, "expected the first to be number 1, got " + lowest);
        }
    }

    private void findStrays() {
        Set<String> known = new HashSet<>();
        entries.forEach(
                entry -> known.add(entry instanceof Release release ? Release.folder(release.id()) : entry.path()));
        if (!faults.isEmpty()) {
            // The walk ended early, so most of what it did not reach is not a stray.
            return;
        }
        for (String name : history.names("")) {
            if (name.equals(Snapshot.HEAD_FILE)) {
                continue;
            }
            for (String below : history.names(name)) {
                if (below.equals(Freeze.FOLDER)) {
                    history.names(name + "/" + below).forEach(file -> stray(name + "/" + below + "/" + file, known));
                } else {
                    stray(name + "/" + below, known);
                }
            }
            if (history.names(name).isEmpty()) {
                fault(name, "expected a folder of an environment, got a file");
            }
        }
    }

    private void stray(String path, Set<String> known) {
        if (!known.contains(path)) {
            fault(path, "is not part of the chain");
        }
    }

    private void fault(String path, String what) {
        faults.add(history + ": " + path + ": " + what);
    }
}
