package io.visitorcounter.release.action;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ledger.Entry;
import io.visitorcounter.release.ledger.Freeze;
import io.visitorcounter.release.ledger.Snapshot;
import java.util.List;
import java.util.Optional;

/** Whether an environment is frozen, by the entries that are trusted. If the environment's file requires signatures,
 *  only a properly signed entry ends a freeze. Any entry starts one: stopping is safe. */
final class BelievedFreeze {

    private BelievedFreeze() {}

    /** {@return the freeze that holds now; empty if there is none}
     *
     *  @param history where it is recorded
     *  @param principals one of them must sign its entries; empty: no signature is needed */
    static Optional<Freeze> now(Snapshot history, Environment environment, List<String> principals, Signing signing) {
        Optional<Freeze> newest = history.freeze(environment);
        if (newest.isEmpty() || newest.get().frozen() || principals.isEmpty()) {
            return newest.filter(Freeze::frozen);
        }
        SignatureCheck check = new SignatureCheck(history, signing.signers());
        // A signed release that follows vouches for what precedes it, as in the whole chain.
        long vouched = history.last(environment)
                .filter(release -> check.isSignedBy(release, principals))
                .map(Entry::sequence)
                .orElse(0L);
        for (Freeze each : history.freezes(environment, Integer.MAX_VALUE)) {
            if (each.frozen()) {
                return Optional.of(each);
            }
            if (each.sequence() < vouched || check.isSignedBy(each, principals)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
