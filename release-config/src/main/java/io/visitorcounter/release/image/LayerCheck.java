package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import io.visitorcounter.release.ReleaseException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/** Hashes every stored byte of an image's layers again. */
public final class LayerCheck {

    private LayerCheck() {}

    /** {@return what differs from the manifest and the config, one line each} */
    public static List<String> faults(ImageStore store, String name, Image image) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < image.layers().size(); i++) {
            Layer layer = image.layers().get(i);
            try (InputStream stored = store.layer(name, image, i)) {
                fault(stored, layer).ifPresent(fault -> faults.add(name + ": layer " + layer.digest() + ": " + fault));
            } catch (ReleaseException.VerificationFailed e) {
                // A layer with its own addresses need not be here.
                if (!layer.descriptor().has("urls")) {
                    faults.addAll(e.faults());
                }
            } catch (IOException e) {
                throw new ReleaseException.Unreachable(
                        name + ": layer " + layer.digest() + ": can't be read: " + e.getMessage(), e);
            }
        }
        return faults;
    }

    private static Optional<String> fault(InputStream stored, Layer layer) throws IOException {
        MessageDigest digest = Digest.sha256();
        MessageDigest diffId = Digest.sha256();
        DigestInputStream hashed = new DigestInputStream(stored, digest);
        boolean isTar = true;
        try {
            Compression.Plain plain = Compression.plain(hashed);
            isTar = plain.isTar();
            new DigestInputStream(plain.bytes(), diffId).transferTo(OutputStream.nullOutputStream());
        } catch (ZipException | EOFException e) {
            // If the bytes have changed, the digest below reports it.
            hashed.transferTo(OutputStream.nullOutputStream());
        }
        hashed.transferTo(OutputStream.nullOutputStream());
        Digest got = Digest.ofHash(digest.digest());
        if (!got.equals(layer.digest())) {
            return Optional.of("its bytes are " + got);
        }
        Digest plain = Digest.ofHash(diffId.digest());
        // An encrypted layer is readable only with the key.
        boolean isReadable = isTar && !layer.mediaType().endsWith("+encrypted");
        return !isReadable || plain.equals(layer.diffId())
                ? Optional.empty()
                : Optional.of("diff id: expected " + layer.diffId() + ", got " + plain);
    }
}
