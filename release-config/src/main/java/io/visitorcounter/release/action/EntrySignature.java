package io.visitorcounter.release.action;

import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.trust.AllowedSigner;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One signature of one entry, as it was found.
 *
 *  @param entry what is signed
 *  @param file its name, which begins with the key's short name
 *  @param signer the line of the key that made it; empty if the key is in no line, or did not make it
 *  @param state what it is worth
 *  @param fault why it is worth nothing; empty for a good one */
public record EntrySignature(
        Entry entry, String file, Optional<AllowedSigner> signer, State state, Optional<String> fault) {

    /** What a signature is worth. */
    public enum State {
        /** By a key that may sign, at a time when it might. */
        GOOD,
        /** By a key that may sign, but not at that time. */
        ENDED,
        /** By a key that may not. */
        UNKNOWN,
        /** Not by the key that it names, or not of this entry. */
        BAD;

        /** {@return the word for programs} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the short name of the key, as the file's name says} */
    public String key() {
        int dot = file.indexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    /** Whether it is by one of these. */
    boolean isGoodFor(List<String> principals) {
        return isGood() && signer.map(line -> line.speaksForOneOf(principals)).orElse(false);
    }

    boolean isGood() {
        return state == State.GOOD;
    }
}
