package io.visitorcounter.release.action;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.config.Contract;
import io.visitorcounter.release.image.Image;
import io.visitorcounter.release.image.ReleaseLayer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The contract that an app image carries in its labels. */
final class AppContract {

    private AppContract() {}

    /** {@return the contract of an image}
     *
     *  @param where what to call the image
     *  @param noneIsFine whether an image without a contract may be released
     *  @throws ReleaseException.ConfigInvalid if it has none, or an unusable one */
    static Contract of(String where, Image app, boolean noneIsFine) {
        String text = app.labels().get(ReleaseLayer.CONTRACT_LABEL);
        if (text == null) {
            if (noneIsFine) {
                return Contract.none();
            }
            throw new ReleaseException.ConfigInvalid(List.of(where + ": expected the label "
                    + ReleaseLayer.CONTRACT_LABEL + " with the build's contract, got none; to release an image without"
                    + " one, its config unchecked, pass --no-contract"));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String recorded = app.labels().get(ReleaseLayer.CONTRACT_DIGEST_LABEL);
        if (recorded != null && !recorded.equals(Digest.of(bytes).text())) {
            throw new ReleaseException.VerificationFailed(where + ": label "
                    + ReleaseLayer.CONTRACT_DIGEST_LABEL + ": expected " + Digest.of(bytes) + ", the digest of the"
                    + " contract beside it, got another");
        }
        return Contract.parse(bytes, where);
    }
}
