package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseId;
import java.util.Locale;
import java.util.Optional;

/** One release: one build and one environment's config, by their digests.
 *
 *  @param origin how it came to be
 *  @param from the release that it was promoted from, or rolled back to; empty for a created or imported one
 *  @param content what it consists of
 *  @param outside its origin in another ledger; empty if it was not imported */
public record Release(
        EntryHeader header, Origin origin, Optional<ReleaseId> from, Content content, Optional<Outside> outside)
        implements Entry {

    /** A release that was made here. */
    public Release(EntryHeader header, Origin origin, Optional<ReleaseId> from, Content content) {
        this(header, origin, from, content, Optional.empty());
    }

    /** {@return its name: the environment, and its number as the version} */
    public ReleaseId id() {
        return new ReleaseId(environment(), number());
    }

    /** {@return the build} */
    public Digest app() {
        return content.appImage().digest();
    }

    /** A release in another ledger.
     *
     *  @param release its name there, such as {@code prod@v12}
     *  @param ledger the name of that ledger: the digest of its first entry
     *  @param sequence the entry's number there
     *  @param entry the digest of the entry */
    public record Outside(String release, Digest ledger, long sequence, Digest entry) {}

    /** How a release came to be. */
    public enum Origin {
        /** From a build and the environment's files. */
        CREATED,
        /** From the build of another environment's release. */
        PROMOTED,
        /** With the content of an earlier release. */
        ROLLED_BACK,
        /** From another ledger. */
        IMPORTED;

        /** {@return the word for people and for entries, such as {@code rolled-back}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a release consists of. Equal content is the same release under another number.
     *
     *  @param releaseImage what runs
     *  @param appImage the build
     *  @param bundle the digest of the rendered config
     *  @param contract the digest of the contract that the build carries; empty if it carries none
     *  @param config the commit of the environment's files; empty if they are in no git repository
     *  @param sbom the digest of the build's bill of materials; empty if none was given */
    public record Content(
            ImageName releaseImage,
            ImageName appImage,
            Digest bundle,
            Optional<Digest> contract,
            Optional<ConfigCommit> config,
            Optional<Digest> sbom) {}

    /** An image, and where it was when the release was made.
     *
     *  @param name a file in the images folder, or a reference in a registry
     *  @param digest of its manifest */
    public record ImageName(String name, Digest digest) {}

    /** The commit that the environment's files came from.
     *
     *  @param commit 40 hex digits
     *  @param clean whether the files were the same as in the commit */
    public record ConfigCommit(String commit, boolean clean) {}

    /** {@return how it came to be, in words, such as {@code promoted from test v3}} */
    public String how() {
        return origin.word()
                + from.map(id -> " from " + id.label())
                        .or(() -> outside.map(other -> " from " + other.release() + " of ledger "
                                + other.ledger().shortText()))
                        .orElse("");
    }

    @Override
    public String path() {
        return LedgerLayout.entry(id());
    }
}
