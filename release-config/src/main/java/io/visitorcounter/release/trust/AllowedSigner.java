package io.visitorcounter.release.trust;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One line of {@code allowed_signers}: a key, and the principals, purposes and times that it is valid for.
 *
 *  @param line its number in the file, 1-based
 *  @param principals the owners of the key, at least one
 *  @param namespaces the purposes; empty: any
 *  @param after the start of its validity; empty: always valid before the end
 *  @param before the end of its validity, exclusive; empty: for ever
 *  @param key the public key
 *  @param comment the key's name for people; may be empty */
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
     *  @param at the time from the chain */
    public boolean isValidAt(Instant at) {
        return after.map(from -> !at.isBefore(from)).orElse(true)
                && before.map(at::isBefore).orElse(true);
    }

    /** {@return whether it belongs to one of these principals; if none are given, to anyone} */
    public boolean speaksForOneOf(List<String> names) {
        return names.isEmpty() || principals.stream().anyMatch(names::contains);
    }

    /** {@return the principals and the key's name, such as {@code prod (jenkins-prod-2026)}} */
    public String label() {
        return principals.get(0) + " (" + keyName() + ")";
    }

    /** {@return the key's own name: its comment, or else its fingerprint} */
    public String keyName() {
        return comment.isEmpty() ? key.fingerprint() : comment;
    }
}
