package io.visitorcounter.release.image;

import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Digests every stored byte of an image's layers again. */
public final class LayerCheck {

    private LayerCheck() {}

    /** {@return what is not as the manifest and the config say, a line each}
     *
     *  @param store where the image is
     *  @param name what it is called there
     *  @param image manifest and config */
    public static List<String> faults(ImageStore store, String name, Image image) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < image.layers().size(); i++) {
            Layer layer = image.layers().get(i);
            try (InputStream stored = store.layer(name, image, i)) {
                fault(stored, layer).ifPresent(fault -> faults.add(name + ": layer " + layer.digest() + ": " + fault));
            } catch (IOException e) {
                faults.add(name + ": layer " + layer.digest() + ": can't be read: " + e.getMessage());
            }
        }
        return faults;
    }

    private static java.util.Optional<String> fault(InputStream stored, Layer layer) throws IOException {
        MessageDigest digest = Digest.sha256();
        MessageDigest diffId = Digest.sha256();
        DigestInputStream hashed = new DigestInputStream(stored, digest);
        try {
            InputStream plain = layer.mediaType().endsWith("gzip") ? new GZIPInputStream(hashed) : hashed;
            new DigestInputStream(plain, diffId).transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Told by the digest below, if the bytes are other than they were.
            hashed.transferTo(OutputStream.nullOutputStream());
        }
        hashed.transferTo(OutputStream.nullOutputStream());
        Digest got = Digest.ofHash(digest.digest());
        if (!got.equals(layer.digest())) {
            return java.util.Optional.of("its bytes are " + got);
        }
        Digest plain = Digest.ofHash(diffId.digest());
        return plain.equals(layer.diffId())
                ? java.util.Optional.empty()
                : java.util.Optional.of("diff id: expected " + layer.diffId() + ", got " + plain);
    }
}
