package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** How this machine reaches others: the proxies of {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, and the
 *  certificate authorities of {@code SSL_CERT_FILE} and of Docker's and podman's {@code certs.d}, beside Java's own. */
final class HttpSettings {

    private static final List<Path> CERTIFICATES =
            List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/containers/certs.d"));

    private final Map<String, String> variables;
    private final List<Path> certificateFolders;

    HttpSettings(Map<String, String> variables) {
        this(variables, CERTIFICATES);
    }

    HttpSettings(Map<String, String> variables, List<Path> certificateFolders) {
        this.variables = Map.copyOf(variables);
        this.certificateFolders = List.copyOf(certificateFolders);
    }

    /** A proxy and what it is told of us.
     *
     *  @param proxy where it is
     *  @param authorization the header's value; empty for none */
    record Via(Proxy proxy, Optional<String> authorization) {}

    /** {@return the proxy on the way to an address; empty for none}
     *
     *  @param to where we want to get */
    Optional<Via> proxy(URI to) {
        String name = "https".equals(to.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
        String given = variable(name);
        if (given.isBlank() || RegistryAddress.isLoopback(to.getHost()) || isExcepted(to)) {
            return Optional.empty();
        }
        URI proxy = URI.create(given.contains("://") ? given : "http://" + given);
        if (proxy.getHost() == null || !"http".equals(proxy.getScheme())) {
            throw new ReleaseException.Usage(name + ": expected a proxy such as http://host:3128, got another");
        }
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        Optional<String> authorization = Optional.ofNullable(proxy.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
        return Optional.of(
                new Via(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)), authorization));
    }

    private String variable(String name) {
        return variables.getOrDefault(name.toLowerCase(Locale.ROOT), variables.getOrDefault(name, ""));
    }

    private boolean isExcepted(URI to) {
        String host = to.getHost().toLowerCase(Locale.ROOT);
        String withPort = host + ":" + to.getPort();
        return Arrays.stream(variable("NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .map(each -> each.replaceFirst("^\\*?\\.", "."))
                .filter(each -> !each.isEmpty())
                .anyMatch(each -> each.equals("*")
                        || each.equals(host)
                        || each.equals(withPort)
                        || host.endsWith(each.startsWith(".") ? each : "." + each)
                        || each.equals("." + host));
    }

    /** {@return what makes TLS connections to a host; empty where Java's own authorities are all there are}
     *
     *  @param host with its port where it has one */
    Optional<SSLSocketFactory> sockets(String host) {
        List<Path> files = new ArrayList<>();
        Optional.ofNullable(variables.get("SSL_CERT_FILE"))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .ifPresent(files::add);
        certificateFolders.forEach(folder -> files.addAll(certificates(folder.resolve(host))));
        if (files.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(trusting(files));
        } catch (IOException | GeneralSecurityException e) {
            throw new ReleaseException.Unreachable(
                    files + ": expected certificates in PEM form, got another (" + e.getMessage() + ")", e);
        }
    }

    private static List<Path> certificates(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".crt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ReleaseException.Unreachable(folder + ": can't be read: " + e.getMessage(), e);
        }
    }

    private static SSLSocketFactory trusting(List<Path> files) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (X509Certificate own : javaAuthorities()) {
            store.setCertificateEntry("java-" + count++, own);
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("file-" + count++, each);
                }
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static List<X509Certificate> javaAuthorities() throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init((KeyStore) null);
        List<X509Certificate> found = new ArrayList<>();
        for (TrustManager each : trust.getTrustManagers()) {
            if (each instanceof X509TrustManager authorities) {
                found.addAll(List.of(authorities.getAcceptedIssuers()));
            }
        }
        return found;
    }
}
