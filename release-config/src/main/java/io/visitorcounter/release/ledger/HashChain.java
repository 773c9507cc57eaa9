package io.visitorcounter.release.ledger;

import io.visitorcounter.release.CanonicalJson;
import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Verifies the whole ledger, from its newest entry back to its first. Each entry names the digest of the one before,
 *  so an edited, removed, reordered, renumbered or added entry is detected. */
public final class HashChain {

    private static final String NOT_OUR_FORM = "is not in the form that this tool writes";

    private final Snapshot history;
    private final List<String> faults = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Digest> digests = new HashMap<>();

    private HashChain(Snapshot history) {
        this.history = history;
    }

    /** {@return the verified chain of a history} */
    public static HashChain walk(Snapshot history) {
        HashChain chain = new HashChain(history);
        chain.walkBack();
        chain.findStrays();
        if (chain.faults.isEmpty()) {
            chain.faults.addAll(EarlierHeads.faults(history, chain.digests));
        }
        return chain;
    }

    /** {@return what is wrong, one line each; empty if nothing is} */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** {@return the entries that were found, newest first} */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** {@return the releases that were found, newest first}
     *
     *  @param environment one environment's; empty: all
     *  @param version one of its releases; empty: all of them */
    public List<Release> releases(Optional<Environment> environment, Optional<Integer> version) {
        return entries.stream()
                .filter(Release.class::isInstance)
                .map(Release.class::cast)
                .filter(each -> environment.map(each.environment()::equals).orElse(true))
                .filter(each -> version.map(number -> number == each.number()).orElse(true))
                .toList();
    }

    private void walkBack() {
        Map<String, Integer> lowest = new TreeMap<>();
        try {
            Optional<EntryRef> next = history.head();
            next.ifPresent(this::requireForm);
            while (next.isPresent()) {
                EntryRef ref = next.get();
                Optional<Entry> found = entry(ref);
                if (found.isEmpty()) {
                    return;
                }
                Entry entry = found.get();
                entries.add(entry);
                requireBranch(entry);
                numbered(entry, lowest);
                next = entry.previous();
                long before = next.map(EntryRef::sequence).orElse(0L);
                if (before != entry.sequence() - 1) {
                    fault(ref.path(), "expected entry number " + (entry.sequence() - 1) + " before it, got " + before);
                    return;
                }
            }
        } catch (ReleaseException.VerificationFailed e) {
            faults.addAll(e.faults());
            return;
        }
        lowest.forEach((what, number) -> {
            if (number != 1) {
                fault(what, "expected the first to be number 1, got " + number);
            }
        });
    }

    private void requireBranch(Entry entry) {
        Branch home =
                entry instanceof Deployment || entry instanceof DeploymentEnd ? Branch.DEPLOYMENTS : Branch.RELEASES;
        if (history.branch() != home) {
            fault(
                    entry.path(),
                    "belongs on the branch " + home.word() + ", not on "
                            + history.branch().word());
        }
    }

    // No entry names the head's digest, so only its form shows that somebody else wrote it.
    private void requireForm(EntryRef head) {
        byte[] written = CanonicalJson.bytes(head.json());
        if (!Arrays.equals(written, history.file(LedgerLayout.HEAD).orElse(written))) {
            fault(LedgerLayout.HEAD, NOT_OUR_FORM);
        }
    }

    /** The entry, checked against the reference in the one after it; empty, with a fault reported, if the walk ends
     *  here. */
    private Optional<Entry> entry(EntryRef ref) {
        Optional<byte[]> bytes = history.file(ref.path());
        if (bytes.isEmpty()) {
            fault(ref.path(), "entry number " + ref.sequence() + " is missing");
            return Optional.empty();
        }
        Digest digest = Digest.of(bytes.get());
        boolean same = digest.equals(ref.digest());
        if (!same) {
            fault(ref.path(), "expected " + ref.digest() + " as the entry after it says, got " + digest);
        }
        Entry entry;
        try {
            entry = history.entry(ref.path());
        } catch (ReleaseException.Unreachable newer) {
            if (same) {
                throw newer;
            }
            // It was changed, and not by a newer tool: the wrong digest is already reported.
            return Optional.empty();
        }
        if (entry.sequence() != ref.sequence()) {
            fault(ref.path(), "sequence: expected " + ref.sequence() + ", got " + entry.sequence());
            return Optional.empty();
        }
        if (!Arrays.equals(entry.bytes(), bytes.get())) {
            fault(ref.path(), NOT_OUR_FORM);
        }
        digests.put(ref.path(), digest);
        return Optional.of(entry);
    }

    private void numbered(Entry entry, Map<String, Integer> lowest) {
        if (entry instanceof DeploymentEnd end) {
            // A deployment may never end, so the ends have gaps; each end must come after its start.
            begunBefore(end);
            return;
        }
        if (entry instanceof Endorsement endorsement) {
            ofRelease(endorsement);
        }
        int number = entry.number();
        String kind = EntryCodecV1.kind(entry).toLowerCase(Locale.ROOT);
        Integer above = lowest.put(entry.environment() + "'s " + kind + "s", number);
        if (above != null && above != number + 1) {
            fault(
                    entry.path(),
                    "expected number " + (above - 1) + " before number " + above + " of " + entry.environment()
                            + ", got " + number);
        }
    }

    private void ofRelease(Endorsement endorsement) {
        EntryRef subject = endorsement.subject();
        boolean isThere = subject.path().startsWith(endorsement.environment() + "/")
                && subject.path().endsWith("/" + LedgerLayout.ENTRY)
                && history.file(subject.path()).map(Digest::of).equals(Optional.of(subject.digest()));
        if (!isThere) {
            fault(endorsement.path(), "is of " + subject.path() + " with " + subject.digest() + ", which is not here");
        }
    }

    private void begunBefore(DeploymentEnd end) {
        if (history.file(LedgerLayout.deployment(end.environment(), end.number()))
                .isEmpty()) {
            fault(end.path(), "is the end of a deployment that never began");
        }
    }

    private void findStrays() {
        Set<String> known = new HashSet<>();
        for (Entry entry : entries) {
            boolean isFile = entry instanceof Freeze || entry instanceof Approval || entry instanceof Endorsement;
            known.add(isFile ? entry.path() : folder(entry));
            known.add(LedgerLayout.signatures(entry));
            if (entry instanceof Endorsement) {
                known.add(LedgerLayout.folder(entry) + "/" + LedgerLayout.IMAGES);
            }
        }
        if (!faults.isEmpty()) {
            // The walk ended early, so most of what it did not reach are not strays.
            return;
        }
        for (String name : history.names("")) {
            if (name.equals(LedgerLayout.HEAD)) {
                continue;
            }
            for (String below : history.names(name)) {
                if (LedgerLayout.LISTS.contains(below)) {
                    findStraysOfList(name + "/" + below, known);
                } else {
                    stray(name + "/" + below, known);
                }
            }
            if (history.names(name).isEmpty()) {
                fault(name, "expected a folder of an environment, got a file");
            }
        }
    }

    private static String folder(Entry entry) {
        return entry.path().substring(0, entry.path().lastIndexOf('/'));
    }

    // Each entry is a file; next to it is a folder with its signatures and, for an endorsement, its image statements.
    private void findStraysOfList(String folder, Set<String> known) {
        for (String name : history.names(folder)) {
            String path = folder + "/" + name;
            if (LedgerLayout.isEntryOfList(name)) {
                stray(path, known);
                continue;
            }
            List<String> inside = history.names(path);
            inside.forEach(each -> stray(path + "/" + each, known));
            if (inside.isEmpty()) {
                stray(path, known);
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
