package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ledger.AppendingCommit;
import io.visitorcounter.release.ledger.Approval;
import io.visitorcounter.release.ledger.Endorsement;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The signatures of a whole chain: how much of it is vouched for and by whom, and what is wrong with the chosen
 *  ones. */
final class SignatureWalk {

    private final Workspace workspace;
    private final SignatureCheck check;
    private final AllowedSigners signers;
    private final Map<String, AppendingCommit> commits;
    private final List<Entry> entries;
    private final Map<Entry, List<EntrySignature>> signatures = new HashMap<>();
    private final boolean strict;
    private final Map<Environment, List<String>> policies = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<EntrySignature> asked = new ArrayList<>();

    /** Walks a chain.
     *
     *  @param workspace says whom to trust, and who must sign an environment's entries
     *  @param entries of the chain, newest first
     *  @param chosen those whose every signature must be good
     *  @param strict whether an expired key is a fault even if a good release followed */
    SignatureWalk(Workspace workspace, Snapshot history, List<Entry> entries, Predicate<Entry> chosen, boolean strict) {
        this.workspace = workspace;
        this.strict = strict;
        this.signers = workspace.signing().signers();
        this.check = new SignatureCheck(history, signers);
        this.entries = entries;
        for (Entry entry : entries) {
            List<EntrySignature> found = check.alone(entry);
            if (!found.isEmpty()) {
                signatures.put(entry, found);
            }
        }
        // An unsigned history has no commit that must be signed.
        commits = signatures.isEmpty() ? Map.of() : AppendingCommit.all(history);
        if (!signers.isThere()) {
            unread();
            entries.stream().filter(chosen).forEach(this::require);
            return;
        }
        order();
        entries.stream().filter(chosen).forEach(entry -> {
            judge(entry);
            require(entry);
        });
    }

    /** If the environment's file requires signatures, its newest entries must be signed, and so must each since the
     *  first signed one: older ones are vouched for by what follows them. */
    private void require(Entry entry) {
        boolean isByAnyone = entry instanceof Approval || entry instanceof Endorsement;
        if (isByAnyone && !signatures.containsKey(entry)) {
            faults.add(EntrySignature.label(entry) + ": expected a signature by whoever "
                    + (entry instanceof Approval ? "approved" : "endorsed") + ", got none");
            return;
        }
        // Who may sign these is checked with the release that they approve or endorse.
        List<String> principals = isByAnyone ? List.of() : principals(entry.environment());
        if (principals.isEmpty()) {
            unasked(entry);
            return;
        }
        if (isSignedBy(entry, principals)) {
            return;
        }
        boolean isNewest = entries.stream()
                .filter(each -> each.environment().equals(entry.environment()) && each.getClass() == entry.getClass())
                .findFirst()
                .equals(Optional.of(entry));
        boolean isOlder = entries.stream()
                .skip(entries.indexOf(entry) + 1L)
                .noneMatch(each -> each.environment().equals(entry.environment()) && isSignedBy(each, principals));
        boolean told = signatures.getOrDefault(entry, List.of()).stream().anyMatch(each -> !each.isGood());
        if (!told && (isNewest || !isOlder)) {
            String got = signatures.getOrDefault(entry, List.of()).stream()
                    .findFirst()
                    .flatMap(EntrySignature::signer)
                    .map(line -> "one by " + line.label())
                    .orElse("none");
            faults.add(EntrySignature.label(entry) + ": expected a signature by " + String.join(" or ", principals)
                    + ", got " + got);
        }
    }

    /** A signature is missing and not required, though there was one before: someone may have changed the file to avoid
     *  it. */
    private void unasked(Entry entry) {
        if (!(entry instanceof Release) || signatures.containsKey(entry)) {
            return;
        }
        entries.stream()
                .skip(entries.indexOf(entry) + 1L)
                .filter(each -> each instanceof Release && each.environment().equals(entry.environment()))
                .findFirst()
                .filter(signatures::containsKey)
                .ifPresent(before -> notes.add(EntrySignature.label(entry) + ": not signed, and "
                        + EntrySignature.label(before) + " is; the file of " + entry.environment()
                        + " asks for no signature, look when that changed"));
    }

    private List<String> principals(Environment environment) {
        return policies.computeIfAbsent(
                environment, each -> EnvironmentPolicy.required(workspace, each).requireSignatureBy());
    }

    private boolean isSignedBy(Entry entry, List<String> principals) {
        return Stream.concat(Stream.of(entry), endorsementsOf(entry))
                .flatMap(each -> signatures.getOrDefault(each, List.of()).stream())
                .anyMatch(each -> each.isGoodFor(principals));
    }

    private Stream<Entry> endorsementsOf(Entry entry) {
        return entries.stream()
                .filter(each -> entry instanceof Release release
                        && each instanceof Endorsement endorsement
                        && Endorsements.isOf(endorsement, release));
    }

    private void unread() {
        if (!signatures.isEmpty()) {
            notes.add(signatures.size() + (signatures.size() == 1 ? " entry is" : " entries are")
                    + " signed, by whom is not known: there is no " + signers.file());
        }
    }

    /** A signed entry with an earlier time than a signed one before it is backdated. */
    private void order() {
        Optional<Entry> latest = Optional.empty();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            if (!signatures.containsKey(entry)) {
                continue;
            }
            Instant before = latest.map(each -> each.at()).orElse(Instant.MIN);
            if (entry.at().isBefore(before)) {
                faults.add(EntrySignature.label(entry) + ": " + EntryOrder.datedBack(entry, latest.orElseThrow()));
            } else {
                latest = Optional.of(entry);
            }
        }
    }

    private void judge(Entry entry) {
        List<EntrySignature> found = signatures.getOrDefault(entry, List.of());
        asked.addAll(found);
        boolean superseded = !strict && isSuperseded(entry);
        for (EntrySignature signature : found) {
            signature.fault().ifPresent(fault -> {
                // What a stolen key signed stays as evidence: a good release after it resolves the fault.
                boolean told = signature.state() == EntrySignature.State.ENDED && superseded;
                (told ? notes : faults).add(EntrySignature.label(entry) + ": " + fault);
            });
        }
        if (found.stream().anyMatch(EntrySignature::isGood)) {
            check.commitFault(entry, commits)
                    .ifPresent(fault -> faults.add(EntrySignature.label(entry) + ": " + fault));
        }
    }

    private boolean isSuperseded(Entry entry) {
        for (Entry later : entries) {
            if (later.equals(entry)) {
                return false;
            }
            if (later.environment().equals(entry.environment())
                    && later.getClass() == entry.getClass()
                    && signatures.getOrDefault(later, List.of()).stream().anyMatch(EntrySignature::isGood)) {
                return true;
            }
        }
        return false;
    }

    List<String> faults() {
        return faults;
    }

    List<String> notes() {
        return notes;
    }

    /** {@return the newest good signature, which vouches for every entry before it too} */
    Optional<EntrySignature> newest() {
        return entries.stream()
                .flatMap(entry -> signatures.getOrDefault(entry, List.of()).stream())
                .filter(EntrySignature::isGood)
                .findFirst();
    }

    /** {@return the signatures of the chosen entries, newest entry first} */
    List<EntrySignature> asked() {
        return asked;
    }
}
