package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import io.visitorcounter.release.ReleaseId;
import java.util.Locale;
import java.util.Optional;

/** One release: one build and one environment's config, by their digests.
 *
 *  @param sequence its number in the whole ledger
 *  @param previous the entry before it in the whole ledger
 *  @param id environment and version
 *  @param origin how it came to be
 *  @param from the release it was promoted from, or whose content it has again; empty for a created one
 *  @param content what it consists of
 *  @param audit who, when, why */
public record Release(
        long sequence,
        Optional<EntryRef> previous,
        ReleaseId id,
        Origin origin,
        Optional<ReleaseId> from,
        Content content,
        Audit audit)
        implements Entry {

    /** How a release came to be. */
    public enum Origin {
        /** From a build and the environment's files. */
        CREATED,
        /** From the build of another environment's release. */
        PROMOTED,
        /** With the content of an earlier release. */
        ROLLED_BACK;

        /** {@return the word for people and for entries, such as {@code rolled-back}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Origin a release consists of. Equal content is the same release under another number.
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

    /** An image, and where it lay when the release was made.
     *
     *  @param name a file of the images folder, or a reference of a registry
     *  @param digest of its manifest */
    public record ImageName(String name, Digest digest) {}

    /** The commit that the environment's files came from.
     *
     *  @param commit 40 hex digits
     *  @param clean whether the files were as the commit has them */
    public record ConfigCommit(String commit, boolean clean) {}

    @Override
    public Environment environment() {
        return id.environment();
    }

    @Override
    public String path() {
        return LedgerLayout.entry(id);
    }
}
