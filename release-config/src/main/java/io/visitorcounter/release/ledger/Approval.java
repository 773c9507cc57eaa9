package io.visitorcounter.release.ledger;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.Environment;
import java.util.Optional;

/** A person's yes to one release of one environment, before it is made. It counts for nothing without a signature.
 *
 *  @param subject what may be released */
public record Approval(
        long sequence, Optional<EntryRef> previous, Environment environment, int number, Approved subject, Audit audit)
        implements Entry {

    /** What may be released, by digest: a change of the build, of its config or of anything else in the image is another.
     *
     *  @param releaseImage what will run
     *  @param appImage the build in it
     *  @param bundle the config in it */
    public record Approved(Digest releaseImage, Digest appImage, Digest bundle) {

        /** {@return what an approval of this content names} */
        public static Approved of(Release.Content content) {
            return new Approved(
                    content.releaseImage().digest(), content.appImage().digest(), content.bundle());
        }
    }

    @Override
    public String path() {
        return LedgerLayout.approval(environment, number);
    }
}
