package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;

/** A person's approval of one release of one environment, before it is made. It does not count without a signature.
 *
 *  @param subject what may be released */
public record Approval(EntryHeader header, Approved subject) implements Entry {

    /** What may be released, by digest: any change to the build, its config or anything else in the image needs a new
     *  approval.
     *
     *  @param releaseImage what will run
     *  @param appImage the build in it
     *  @param bundle the config in it */
    public record Approved(Digest releaseImage, Digest appImage, Digest bundle) {

        /** {@return the approved digests for this content} */
        public static Approved of(Release.Content content) {
            return new Approved(
                    content.releaseImage().digest(), content.appImage().digest(), content.bundle());
        }
    }

    @Override
    public String path() {
        return LedgerLayout.inList(environment(), LedgerLayout.APPROVALS, number());
    }
}
