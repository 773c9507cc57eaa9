package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** How this machine reaches servers: the proxies of {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, and
 *  the certificate authorities of {@code SSL_CERT_FILE} and of Docker's and podman's {@code certs.d}, in addition to
 *  Java's own. */
final class HttpSettings {

    private static final List<Path> CERTIFICATES =
            List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/containers/certs.d"));

    private static final int MAX_AUTHORITIES_BYTES = 16 << 20;

    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern NETWORK = Pattern.compile(ADDRESS.pattern() + "/(?<size>\\d{1,2})");

    private final Map<String, String> variables;
    private final List<Path> certificateFolders;

    HttpSettings(Map<String, String> variables) {
        this(variables, CERTIFICATES);
    }

    HttpSettings(Map<String, String> variables, List<Path> certificateFolders) {
        this.variables = Map.copyOf(variables);
        this.certificateFolders = List.copyOf(certificateFolders);
    }

    /** A proxy and our login for it.
     *
     *  @param address where it is
     *  @param variable the variable that names it
     *  @param login the one in its address; empty for none */
    record Via(InetSocketAddress address, String variable, Optional<RegistryCredentials.Login> login) {

        Proxy proxy() {
            return new Proxy(Proxy.Type.HTTP, address);
        }

        @Override
        public String toString() {
            return variable + ": the proxy " + address;
        }
    }

    /** {@return the proxy for an address; empty for none} */
    Optional<Via> proxy(URI to) {
        String name = "https".equals(to.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
        String given = variable(name);
        if (given.isBlank() || RegistryAddress.isLoopback(to.getHost()) || isExcepted(to)) {
            return Optional.empty();
        }
        URI proxy = address(name, given);
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return Optional.of(new Via(
                new InetSocketAddress(proxy.getHost(), port),
                name,
                Optional.ofNullable(proxy.getUserInfo()).map(HttpSettings::login)));
    }

    // The value may hold a password, so no message shows it.
    private static URI address(String name, String given) {
        try {
            URI proxy = new URI(given.contains("://") ? given : "http://" + given);
            if (proxy.getHost() != null && "http".equals(proxy.getScheme())) {
                return proxy;
            }
        } catch (URISyntaxException e) {
            // Reported like any other invalid address.
        }
        throw new ReleaseException.Usage(name + ": expected a proxy such as http://host:3128 or"
                + " http://user:password@host:3128, with %40 for an @ in the password, got another");
    }

    private static RegistryCredentials.Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new RegistryCredentials.Login(userInfo, "")
                : new RegistryCredentials.Login(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    private String variable(String name) {
        return variables.getOrDefault(name.toLowerCase(Locale.ROOT), variables.getOrDefault(name, ""));
    }

    private boolean isExcepted(URI to) {
        String host = to.getHost().toLowerCase(Locale.ROOT);
        String withPort = host + ":" + RegistryAddress.port(to);
        return Arrays.stream(variable("NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .map(each -> each.replaceFirst("^\\*?\\.", "."))
                .filter(each -> !each.isEmpty())
                .anyMatch(each -> each.equals("*")
                        || each.equals(host)
                        || each.equals(withPort)
                        || host.endsWith(each.startsWith(".") ? each : "." + each)
                        || each.equals("." + host)
                        || each.equals(host.replaceAll("[\\[\\]]", ""))
                        || isInNetwork(host, each));
    }

    /** Whether a host is an address in a network such as {@code 10.0.0.0/8}; Go's programs and curl support these
     *  too. */
    private static boolean isInNetwork(String host, String network) {
        Matcher written = NETWORK.matcher(network);
        Matcher address = ADDRESS.matcher(host);
        if (!written.matches() || !address.matches()) {
            return false;
        }
        int size = Integer.parseInt(written.group("size"));
        long mask = size == 0 ? 0 : -1L << (Integer.SIZE - size);
        return size <= Integer.SIZE && (number(address) & mask) == (number(written) & mask);
    }

    private static long number(Matcher address) {
        long number = 0;
        for (int i = 1; i <= 4; i++) {
            number = number << Byte.SIZE | Integer.parseInt(address.group(i));
        }
        return number;
    }

    /** {@return the TLS settings for a host; empty if there are only Java's own authorities}
     *
     *  @param host with its port, if it has one */
    Optional<SSLContext> tls(String host) {
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

    private static SSLContext trusting(List<Path> files) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (X509Certificate own : javaAuthorities()) {
            store.setCertificateEntry("java-" + count++, own);
        }
        for (Path file : files) {
            InputStream in = new ByteArrayInputStream(SmallFile.read(file, MAX_AUTHORITIES_BYTES));
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("file-" + count++, each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
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
