package io.visitorcounter.core.redis;

import io.visitorcounter.core.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file with the certificates that a server is checked against. Lettuce reads it at every connect; this checks it
 *  once beforehand, so that the error message is clear. */
final class CaFile {

    private static final int MAX_BYTES = 16 << 20;

    private CaFile() {}

    /** {@return the file, or null if none is given}
     *
     *  @throws StoreException if it contains no certificate, or the address does not use TLS */
    static @Nullable Path checked(Optional<Path> given, RedisAddress address) {
        if (given.isEmpty()) {
            return null;
        }
        if (!address.tls()) {
            throw StoreException.wrongOptions(
                    address + ": certificates are given, but the connection is plain; an address that begins with"
                            + " rediss is one with TLS",
                    null);
        }
        Path file = given.get();
        try {
            byte[] bytes = read(file);
            boolean pem = new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----");
            if (!pem
                    || CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .isEmpty()) {
                throw unusable(address, file, "none", null);
            }
            return file;
        } catch (CertificateException e) {
            throw unusable(address, file, "none", e);
        } catch (NoSuchFileException e) {
            throw unusable(address, file, "no such file; change the path", e);
        } catch (IOException e) {
            throw unusable(address, file, ServerErrors.oneLine(e), e);
        }
    }

    // Limited: a device file may have no end.
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static StoreException unusable(RedisAddress address, Path file, String got, @Nullable Exception cause) {
        return StoreException.wrongOptions(
                address + ": " + file + ": expected certificates in PEM form, got " + got, cause);
    }
}
