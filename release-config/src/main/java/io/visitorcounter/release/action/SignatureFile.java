package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The file of one signature, checked against its entry and the trusted signers.
 *
 *  @param entry the one that it should sign
 *  @param name of the file, which begins with the key's short name
 *  @param bytes a bundle, or anything else that was put there
 *  @param signers whom to trust */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SignatureFile(Entry entry, String name, byte[] bytes, AllowedSigners signers) {

    /** {@return whether it counts, and why} */
    EntrySignature signature() {
        StatementBundle bundle;
        try {
            bundle = StatementBundle.read(where(), bytes);
        } catch (ReleaseException.VerificationFailed e) {
            return bad(List.of(), String.valueOf(e.getMessage()));
        }
        List<AllowedSigner> lines = signers.of(bundle);
        if (lines.isEmpty()) {
            return ofStranger();
        }
        AllowedSigner first = lines.get(0);
        if (!bundle.isBy(first.key())) {
            return bad(
                    List.of(),
                    where() + ": not signed by the key that it names, " + first.label() + ": "
                            + (difference(bundle).isPresent()
                                    ? "the statement was changed"
                                    : "the statement is the entry's, and the signature is not that key's"));
        }
        if (!name.equals(first.key().id() + Signing.SUFFIX)) {
            return bad(lines, where() + ": expected the name " + first.key().id() + Signing.SUFFIX);
        }
        // Only a verified signer's statement is worth comparing.
        return difference(bundle).map(fault -> bad(lines, fault)).orElseGet(() -> judged(lines));
    }

    private EntrySignature ofStranger() {
        return signers.lines().stream()
                .filter(line -> name.equals(line.key().id() + Signing.SUFFIX))
                .findFirst()
                .map(line ->
                        bad(List.of(), where() + ": names another key than its file's name does, of " + line.label()))
                .orElseGet(() -> worth(
                        EntrySignature.State.UNKNOWN,
                        List.of(),
                        where() + ": by a key that is not in " + signers.file()
                                + "; if its line was removed, put it back, with valid-before"));
    }

    private Optional<String> difference(StatementBundle bundle) {
        try {
            return EntryStatement.difference(bundle.statement(where()), entry).map(text -> where() + ": " + text);
        } catch (ReleaseException.VerificationFailed e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private EntrySignature judged(List<AllowedSigner> lines) {
        List<AllowedSigner> able = lines.stream()
                .filter(line -> line.isFor(StatementBundle.NAMESPACE))
                .toList();
        if (able.isEmpty()) {
            AllowedSigner line = lines.get(0);
            return worth(
                    EntrySignature.State.UNKNOWN,
                    lines,
                    where() + ": " + line.label() + " may not sign releases: " + signers.file() + ":" + line.line()
                            + " has other namespaces than " + StatementBundle.NAMESPACE);
        }
        List<AllowedSigner> ordered = new ArrayList<>(lines);
        // First the lines that let it sign: the others only say who else has this key.
        ordered.sort(Comparator.comparing(line -> !EntrySignature.lets(line, entry)));
        return EntrySignature.lets(ordered.get(0), entry)
                ? new EntrySignature(entry, name, ordered, EntrySignature.State.GOOD, Optional.empty())
                : worth(
                        EntrySignature.State.ENDED,
                        able,
                        where() + ": " + Signing.span(able.get(0)) + ", the entry is of " + entry.at());
    }

    private EntrySignature bad(List<AllowedSigner> lines, String fault) {
        return worth(EntrySignature.State.BAD, lines, fault);
    }

    private EntrySignature worth(EntrySignature.State state, List<AllowedSigner> lines, String fault) {
        return new EntrySignature(entry, name, lines, state, Optional.of(fault));
    }

    private String where() {
        return "signatures/" + name;
    }
}
