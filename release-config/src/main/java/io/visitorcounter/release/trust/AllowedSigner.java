package io.visitorcounter.release.trust;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One line of {@code allowed_signers}: a key, whom it speaks for, for what, and when.
 *
 *  @param line its number in the file, 1-based
 *  @param principals whom it speaks for, at least one
 *  @param namespaces what for; empty: anything
 *  @param after from when on; empty: ever
 *  @param before until when; what is signed at that moment is too late; empty: for ever
 *  @param key the public key
 *  @param comment what people call the key; may be empty */
public record AllowedSigner(
        int line,
        List<String> principals,
        List<String> namespaces,
        Optional<Instant> after,
        Optional<Instant> before,
        VerifyingKey key,
        String comment) {

    /** {@return whether it may sign for this purpose, at some time} */
    public boolean isFor(String namespace) {
        return namespaces.isEmpty() || namespaces.contains(namespace);
    }

    /** {@return whether it may sign at this time}
     *
     *  @param at as the chain says */
    public boolean isValidAt(Instant at) {
        return after.map(from -> !at.isBefore(from)).orElse(true)
                && before.map(at::isBefore).orElse(true);
    }

    /** {@return whether it speaks for one of these; of none, for anyone} */
    public boolean speaksForOneOf(List<String> names) {
        return names.isEmpty() || principals.stream().anyMatch(names::contains);
    }

    /** {@return whom it speaks for and which key it is, such as {@code prod (jenkins-prod-2026)}} */
    public String label() {
        return principals.get(0) + " (" + keyName() + ")";
    }

    /** {@return the key's own name: its comment, or else its fingerprint} */
    public String keyName() {
        return comment.isEmpty() ? key.fingerprint() : comment;
    }
}
