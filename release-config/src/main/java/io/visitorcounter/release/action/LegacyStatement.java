package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.image.Referrer;
import io.visitorcounter.release.image.Registry;
import io.visitorcounter.release.ledger.Release;
import io.visitorcounter.release.trust.AllowedSigners;
import io.visitorcounter.release.trust.SigningKey;
import io.visitorcounter.release.trust.SimpleSigning;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The signature of a release image for tools that read no bundles. */
final class LegacyStatement {

    private LegacyStatement() {}

    /** {@return the file that the ledger keeps}
     *
     *  @throws ReleaseException.Usage if the image is in no registry, or such tools do not support this kind of key */
    static byte[] sign(Release release, SigningKey key) {
        String name = release.content().releaseImage().name();
        if (!Registry.isReference(name)) {
            throw new ReleaseException.Usage("--legacy-signature: expected an image of a registry, got " + name);
        }
        return SimpleSigning.of(
                        name.substring(0, name.indexOf('@')),
                        release.content().releaseImage().digest(),
                        key)
                .bytes();
    }

    /** {@return its form in a registry}
     *
     *  @param label what it is, for messages
     *  @param file the one that the ledger keeps */
    static Referrer referrer(String label, byte[] file) {
        SimpleSigning signature = SimpleSigning.read(label, file);
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put("dev.cosignproject.cosign/signature", signature.signature());
        return new Referrer(label, Referrer.LEGACY_TYPE, annotations, signature.payload());
    }

    /** {@return what is wrong with it; empty if nothing is}
     *
     *  @param signatures of its entry, bytes by file name
     *  @param where for messages
     *  @param bytes of the file that the ledger keeps
     *  @throws ReleaseException.VerificationFailed if it has another form */
    static Optional<String> fault(
            SortedMap<String, byte[]> signatures, Release release, String where, byte[] bytes, AllowedSigners signers) {
        SimpleSigning legacy = SimpleSigning.read(where, bytes);
        boolean isTheirs = signers.lines().stream()
                .filter(line -> signatures.containsKey(line.key().id() + Signing.SUFFIX))
                .anyMatch(line -> legacy.isBy(line.key()));
        if (!legacy.isOf(where, release.content().releaseImage().digest())) {
            return Optional.of("is about something else than the release image");
        }
        return isTheirs ? Optional.empty() : Optional.of("not signed by who signed the entry");
    }
}
