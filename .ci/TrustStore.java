import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.stream.Stream;

/** Writes a trust store without a password, the same bytes for the same certificates. Usage: TrustStore OUT FOLDER */
final class TrustStore {

    public static void main(String[] arguments) throws Exception {
        // Without a password there is no salt, so nothing random gets into the file.
        System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
        System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Path> certificates;
        try (Stream<Path> files = Files.walk(Path.of(arguments[1]))) {
            certificates = files.filter(f -> f.toString().endsWith(".crt")).sorted().toList();
        }
        for (Path certificate : certificates) {
            try (InputStream in = Files.newInputStream(certificate)) {
                store.setCertificateEntry(
                        certificate.getFileName().toString().toLowerCase(), factory.generateCertificate(in));
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
            store.store(out, null);
        }
    }
}
