package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.AllowedSigner;
import io.visitorcounter.release.trust.StatementBundle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One signature of one entry, and whether it counts.
 *
 *  @param entry what is signed
 *  @param file its name, which begins with the key's short name
 *  @param lines of allowed_signers with its key, first those that let it sign this entry; none if no line has the key,
 *      or another key made the signature
 *  @param state whether it counts
 *  @param fault why it does not count; empty for a good one */
public record EntrySignature(Entry entry, String file, List<AllowedSigner> lines, State state, Optional<String> fault) {

    /** Copies the lines. */
    public EntrySignature {
        lines = List.copyOf(lines);
    }

    /** Whether a signature counts. */
    public enum State {
        /** By a key that may sign, at a time when it was valid. */
        GOOD,
        /** By a key that may sign, but not at that time. */
        ENDED,
        /** By a key that may not sign. */
        UNKNOWN,
        /** Not by the key that it names, or not of this entry. */
        BAD;

        /** {@return the word for programs} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the short name of the key, from the file's name} */
    public String key() {
        int dot = file.indexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    /** {@return the line of the key that made it; empty if no line has the key, or another key made the signature} */
    public Optional<AllowedSigner> signer() {
        return lines.stream().findFirst();
    }

    /** {@return the name of an entry in messages about signatures, such as {@code prod v12}, or the path of a
     *  freeze} */
    static String label(Entry entry) {
        return entry instanceof Release release ? release.id().label() : entry.path();
    }

    /** Whether it is good, and by one of these. */
    boolean isGoodFor(List<String> principals) {
        return isGood() && lines.stream().anyMatch(line -> lets(line, entry) && line.speaksForOneOf(principals));
    }

    /** Whether a line lets its key sign an entry. */
    static boolean lets(AllowedSigner line, Entry entry) {
        return line.isFor(StatementBundle.NAMESPACE) && line.isValidAt(entry.at());
    }

    boolean isGood() {
        return state == State.GOOD;
    }
}
