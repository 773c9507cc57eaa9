package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Environment;
import java.time.Instant;
import java.util.Optional;

/** One line of a history: of releases a {@link Release}, a {@link Freeze}, an {@link Approval} or an {@link Endorsement}, of
 *  deployments a {@link Deployment} or a {@link DeploymentEnd}. Never changed once it is appended. */
public sealed interface Entry permits Release, Freeze, Approval, Endorsement, Deployment, DeploymentEnd {

    /** {@return what every entry has} */
    EntryHeader header();

    /** {@return its number in the whole chain, 1-based} */
    default long sequence() {
        return header().sequence();
    }

    /** {@return the entry before it in the whole chain; empty for the first} */
    default Optional<EntryRef> previous() {
        return header().previous();
    }

    /** {@return whose history it belongs to} */
    default Environment environment() {
        return header().environment();
    }

    /** {@return its number among those of its kind in its environment} */
    default int number() {
        return header().number();
    }

    /** {@return who appended it, when and why} */
    default Audit audit() {
        return header().audit();
    }

    /** {@return when it was appended, to the second} */
    default Instant at() {
        return audit().at();
    }

    /** {@return where its file lies, such as {@code prod/000012/entry.json}} */
    String path();

    /** {@return its bytes as they are stored, which its digest is of} */
    default byte[] bytes() {
        return EntryCodec.bytes(this);
    }

    /** Who did it, when and why.
     *
     *  @param by a person or a job, as they call themselves
     *  @param at to the second
     *  @param why their words; empty if they gave none */
    record Audit(String by, Instant at, Optional<String> why) {}
}
