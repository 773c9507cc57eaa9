package io.visitorcounter.core.redis;

import io.visitorcounter.core.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom TLS connections trust: the certificates of a file. */
final class Trust {

    private Trust() {}

    /** {@return those who trust the file's certificates, or null if none is given}
     *
     *  @throws StoreException if it has none, or the address has no TLS that they could be for */
    static @Nullable TrustManagerFactory of(Optional<Path> file, RedisAddress address) {
        if (file.isEmpty()) {
            return null;
        }
        if (!address.tls()) {
            throw new StoreException(
                    address + ": certificates are given, but the connection is plain; an address that begins with"
                            + " rediss is one with TLS",
                    null);
        }
        try {
            return of(read(file.get()));
        } catch (CertificateException e) {
            throw unusable(address, file.get(), "got none", e);
        } catch (IOException e) {
            throw unusable(address, file.get(), "got " + ServerErrors.oneLine(e), e);
        } catch (GeneralSecurityException e) {
            throw new StoreException(address + ": " + file.get() + ": " + ServerErrors.oneLine(e), e);
        }
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CertificateException("no certificate");
            }
            return certificates;
        }
    }

    private static TrustManagerFactory of(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static StoreException unusable(RedisAddress address, Path file, String got, Exception cause) {
        return new StoreException(address + ": " + file + ": expected certificates in PEM form, " + got, cause);
    }
}
