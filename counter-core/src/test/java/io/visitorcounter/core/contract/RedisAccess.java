package io.visitorcounter.core.contract;

import io.visitorcounter.core.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How a test's Redis is reached: by anybody over a plain connection, or only with TLS and only as one user. */
public final class RedisAccess {

    /** By anybody, over a plain connection. */
    public static final RedisAccess PLAIN = new RedisAccess(null, null, null);

    private static final int TIMEOUT_MILLIS = 15_000;
    private static final String STORE_PASSWORD = "changeit";

    private final @Nullable Path folder;
    private final @Nullable SSLContext tls;
    private final @Nullable Credentials credentials;

    private RedisAccess(@Nullable Path folder, @Nullable SSLContext tls, @Nullable Credentials credentials) {
        this.folder = folder;
        this.tls = tls;
        this.credentials = credentials;
    }

    /** {@return an access only with TLS, under a new certificate for the loopback, and only as the user {@code counting}}
     *
     *  @param folder an empty one, for the certificate and its key */
    public static RedisAccess secured(Path folder) {
        try {
            KeyStore keys = makeKeys(folder);
            Key key = keys.getKey("redis", STORE_PASSWORD.toCharArray());
            writePem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
            writePem(
                    folder.resolve("cert.pem"),
                    "CERTIFICATE",
                    keys.getCertificate("redis").getEncoded());
            return new RedisAccess(folder, trusting(keys), new Credentials("counting", "s3cret"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a certificate with the JDK's own tool: it has no public words for that. */
    private static KeyStore makeKeys(Path folder) throws IOException, GeneralSecurityException {
        Path store = folder.resolve("keys.p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "redis", "-keyalg", "RSA", "-keysize", "2048"));
        command.addAll(List.of("-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost"));
        command.addAll(List.of("-ext", "bc=ca:true", "-validity", "2", "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", STORE_PASSWORD, "-keystore", store.toString()));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
        return KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
    }

    private static SSLContext trusting(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("redis", keys.getCertificate("redis"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void writePem(Path file, String kind, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    /** {@return the same without a user} */
    RedisAccess withoutUser() {
        return new RedisAccess(folder, tls, null);
    }

    /** {@return {@code redis} or {@code rediss}} */
    public String scheme() {
        return tls == null ? "redis" : "rediss";
    }

    /** {@return who may ask} */
    public Credentials credentials() {
        if (credentials == null) {
            throw new IllegalStateException("anybody may ask: there are no credentials");
        }
        return credentials;
    }

    /** {@return the file with the certificate to trust, in PEM form} */
    public Path certificate() {
        return file("cert.pem");
    }

    private Path file(String name) {
        if (folder == null) {
            throw new IllegalStateException("the connection is plain: there is no certificate");
        }
        return folder.resolve(name);
    }

    /** {@return the words of a server's command line} */
    List<String> options(int port) {
        List<String> words = new ArrayList<>();
        for (String line : settings(port)) {
            String[] parts = line.split(" ", -1);
            words.add("--" + parts[0]);
            words.addAll(List.of(parts).subList(1, parts.length));
        }
        if (credentials != null) {
            words.addAll(List.of("--user", "default", "off"));
            // Sentinels ask as this user too, and talk to one another on a channel.
            words.addAll(
                    List.of("--user", credentials.user(), "on", ">" + credentials.password(), "~*", "&*", "+@all"));
            words.addAll(List.of("--masteruser", credentials.user(), "--masterauth", credentials.password()));
        }
        if (tls != null) {
            words.addAll(List.of("--tls-cluster", "yes"));
        }
        return words;
    }

    /** {@return lines of a Sentinel's config file: how it listens} */
    List<String> sentinelLines(int port) {
        return settings(port);
    }

    /** {@return lines of a Sentinel's config file: how it asks the master of that name} */
    List<String> watchingLines(String name) {
        return credentials == null
                ? List.of()
                : List.of(
                        "sentinel auth-user " + name + " " + credentials.user(),
                        "sentinel auth-pass " + name + " " + credentials.password());
    }

    private List<String> settings(int port) {
        return tls == null
                ? List.of("port " + port)
                : List.of(
                        "port 0",
                        "tls-port " + port,
                        "tls-cert-file " + file("cert.pem"),
                        "tls-key-file " + file("key.pem"),
                        "tls-ca-cert-file " + file("cert.pem"),
                        "tls-auth-clients no",
                        "tls-replication yes");
    }

    /** {@return a connection on which the user is known} */
    Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), 2000);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (tls != null) {
                socket = tls.getSocketFactory().createSocket(socket, host, port, true);
            }
            if (credentials != null) {
                String answer = Resp.ask(socket, "AUTH", credentials.user(), credentials.password());
                if (!answer.equals("OK")) {
                    throw new IOException("AUTH: " + answer);
                }
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
