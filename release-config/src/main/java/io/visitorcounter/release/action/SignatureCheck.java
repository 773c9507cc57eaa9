package io.visitorcounter.release.action;

import io.visitorcounter.release.PrintableText;
import io.visitorcounter.release.ledger.AppendingCommit;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Snapshot;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.SshSignature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Who signed an entry, and whether they were allowed to. The chain is the clock: what counts is the entry's time,
 *  which no signed entry can set back. */
record SignatureCheck(Snapshot history, AllowedSigners signers) {

    /** {@return every signature of an entry, in the order of the files; empty if it is unsigned. A signature by a key
     *  with an end does not count if the entry is backdated} */
    List<EntrySignature> of(Entry entry) {
        return alone(entry).stream().map(this::inOrder).toList();
    }

    /** {@return the same, without checking whether the entry is backdated} */
    List<EntrySignature> alone(Entry entry) {
        return of(entry, history.signatures(entry), signers);
    }

    /** {@return whether this key has signed an entry, and the signature counts; the file's name proves nothing, since
     *  anyone may have put it there} */
    boolean isSignedWith(SigningKey key, Entry entry) {
        return of(entry).stream()
                .anyMatch(each ->
                        each.isGood() && each.file().equals(key.verifying().id() + Signing.SUFFIX));
    }

    private EntrySignature inOrder(EntrySignature signature) {
        if (!signature.isGood() || isByKeyWithoutAnEnd(signature)) {
            return signature;
        }
        Entry entry = signature.entry();
        return new EntryOrder(history, this::isSigned, this::isSignedWithoutAnEnd)
                .newerBefore(entry)
                .map(newer -> new EntrySignature(
                        entry,
                        signature.file(),
                        signature.lines(),
                        EntrySignature.State.BAD,
                        Optional.of("signatures/" + signature.file() + ": " + EntryOrder.datedBack(entry, newer))))
                .orElse(signature);
    }

    private boolean isSigned(Entry entry) {
        return alone(entry).stream().anyMatch(EntrySignature::isGood);
    }

    private boolean isSignedWithoutAnEnd(Entry entry) {
        return alone(entry).stream().anyMatch(each -> each.isGood() && isByKeyWithoutAnEnd(each));
    }

    private static boolean isByKeyWithoutAnEnd(EntrySignature signature) {
        return signature.lines().stream()
                .anyMatch(line -> EntrySignature.lets(line, signature.entry())
                        && line.before().isEmpty());
    }

    /** {@return the same, for an entry that is in no history here}
     *
     *  @param signatures bytes by file name */
    static List<EntrySignature> of(Entry entry, SortedMap<String, byte[]> signatures, AllowedSigners signers) {
        return signatures.entrySet().stream()
                .map(file -> new SignatureFile(entry, file.getKey(), file.getValue(), signers).signature())
                .toList();
    }

    /** Whether an entry has a good signature for one of these principals. */
    boolean isSignedBy(Entry entry, List<String> principals) {
        return of(entry).stream().anyMatch(each -> each.isGoodFor(principals));
    }

    /** {@return what is wrong with the commit that appended a signed entry; empty if its signature is good}
     *
     *  @param entry a signed one
     *  @param commits of the history, by the path of the entry */
    Optional<String> commitFault(Entry entry, Map<String, AppendingCommit> commits) {
        AppendingCommit commit = commits.get(entry.path());
        if (commit == null) {
            return Optional.of("no commit has it as its newest entry");
        }
        String where = "commit " + commit.id() + ": ";
        if (commit.signature().isEmpty()) {
            return Optional.of(where + "expected a signature, as its entry has one, got none");
        }
        SshSignature signature;
        try {
            signature = SshSignature.parse(commit.signature().get());
        } catch (IllegalArgumentException e) {
            return Optional.of(where + "the signature can't be read: " + e.getMessage());
        }
        List<AllowedSigner> lines = signers.of(signature.key());
        if (lines.isEmpty()) {
            return Optional.of(
                    where + "signed with " + signature.key().fingerprint() + ", which is not in " + signers.file());
        }
        if (!signature.isOf(commit.signed(), SshSignature.GIT)) {
            String whose = where + "the signature of " + lines.get(0).label();
            return Optional.of(
                    signature.namespace().equals(SshSignature.GIT)
                            ? whose + " is of another commit, or this one was changed since"
                            : whose + " is for " + PrintableText.quoted(signature.namespace()) + ", not for git");
        }
        Instant at = entry.at();
        return lines.stream().anyMatch(line -> line.isFor(SshSignature.GIT) && line.isValidAt(at))
                ? Optional.empty()
                : Optional.of(where + lines.get(0).label() + " might not sign commits at " + at);
    }
}
