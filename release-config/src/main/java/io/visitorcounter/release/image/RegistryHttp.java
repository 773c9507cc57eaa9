package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** One request to a registry and its response. By the JDK's older client, as the newer one takes a short command a third of
 *  a second to set up; it is used only for what the older one can't say. Follows nothing, knows no login. */
record RegistryHttp(HttpSettings settings) {

    /** A method that the older client does not support. */
    static final String PATCH = "PATCH";

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    static final Duration READ_TIMEOUT = Duration.ofMinutes(2);
    static final String USER_AGENT = "release";

    private static final int PART = 1 << 16;
    private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    /** What is sent.
     *
     *  @param bytes all of it
     *  @param sent receives how many bytes were sent */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Body(byte[] bytes, LongConsumer sent) {

        static Body of(byte[] bytes) {
            return new Body(bytes, sent -> {});
        }
    }

    /** A request.
     *
     *  @param method such as {@code HEAD}
     *  @param uri whole
     *  @param headers by name
     *  @param body empty for none */
    record Request(String method, URI uri, Map<String, String> headers, Optional<Body> body) {

        Request(String method, URI uri) {
            this(method, uri, Map.of(), Optional.empty());
        }

        /** A request with a body of this type. */
        static Request of(String method, URI uri, String type, Body body) {
            return new Request(method, uri, Map.of("Content-Type", type), Optional.of(body));
        }

        Request with(Map<String, String> all) {
            return new Request(method, uri, all, body);
        }

        Request to(URI other) {
            return new Request(method, other, headers, body);
        }

        /** {@return method, host and path: headers hold logins, and a query may hold a signature} */
        @Override
        public String toString() {
            return method + " " + uri.getHost() + uri.getRawPath();
        }
    }

    /** {@return the response, whatever its status}
     *
     *  @throws IOException if there is none */
    RegistryResponse send(Request request) throws IOException {
        Optional<HttpSettings.Via> via = settings.proxy(request.uri());
        if (request.method().equals(PATCH)) {
            return NewerHttp.send(request, via, settings.tls(request.uri().getAuthority()));
        }
        HttpURLConnection connection = open(request.uri(), via);
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(request.method());
        connection.setRequestProperty("User-Agent", USER_AGENT);
        // A digest covers the bytes as stored.
        connection.setRequestProperty("Accept-Encoding", "identity");
        request.headers().forEach(connection::setRequestProperty);
        if (request.body().isPresent()) {
            write(connection, request.body().get());
        }
        int status = status(connection);
        if (status == HttpURLConnection.HTTP_PROXY_AUTH && via.isPresent()) {
            connection.disconnect();
            throw refused(via.get());
        }
        return new RegistryResponse(
                request, status, fields(connection), body(connection, status), connection::disconnect);
    }

    private static List<Map.Entry<String, String>> fields(HttpURLConnection connection) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        // Field 0 is the status line.
        for (int i = 1; connection.getHeaderField(i) != null; i++) {
            fields.add(Map.entry(String.valueOf(connection.getHeaderFieldKey(i)), connection.getHeaderField(i)));
        }
        return fields;
    }

    private static InputStream body(HttpURLConnection connection, int status) throws IOException {
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        long length = connection.getContentLengthLong();
        if (body == null) {
            return InputStream.nullInputStream();
        }
        return length < 0 || connection.getRequestMethod().equals("HEAD") ? body : new WholeBody(body, length);
    }

    private static ReleaseException refused(HttpSettings.Via via) {
        return new ReleaseException.Unreachable(
                via.login().isEmpty()
                        ? via + " asks for a login, and there is none; set " + via.variable()
                                + " to http://user:password@host:port"
                        : via + " refused the login of " + via.login().get().user() + "; mend it in " + via.variable());
    }

    private HttpURLConnection open(URI uri, Optional<HttpSettings.Via> via) throws IOException {
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection)
                    uri.toURL().openConnection(via.map(HttpSettings.Via::proxy).orElse(Proxy.NO_PROXY));
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IOException("not an address that can be asked", e);
        }
        Optional<RegistryCredentials.Login> login = via.flatMap(HttpSettings.Via::login);
        if (connection instanceof HttpsURLConnection tls) {
            settings.tls(uri.getAuthority()).map(SSLContext::getSocketFactory).ifPresent(tls::setSSLSocketFactory);
            login.ifPresent(known -> tls.setAuthenticator(new ProxyLogin(known)));
        } else {
            login.ifPresent(known -> connection.setRequestProperty("Proxy-Authorization", known.basic()));
        }
        return connection;
    }

    /** Enables passwords for proxies to servers with TLS: by default the JDK sends none, since the connection to the
     *  proxy is not encrypted. Works only before the first connection of this JVM. */
    static void letProxiesAsk() {
        if (System.getProperty(TUNNELS) == null) {
            System.setProperty(TUNNELS, "");
        }
    }

    /** Answers the proxy once: repeating a refused password could lock the user out. A header would go to the registry
     *  instead of the proxy. */
    static final class ProxyLogin extends Authenticator {

        private final AtomicReference<RegistryCredentials.@Nullable Login> left;

        ProxyLogin(RegistryCredentials.Login login) {
            this.left = new AtomicReference<>(login);
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            RegistryCredentials.Login login = getRequestorType() == RequestorType.PROXY ? left.getAndSet(null) : null;
            return login == null
                    ? null
                    : new PasswordAuthentication(login.user(), login.password().toCharArray());
        }
    }

    private static void write(HttpURLConnection connection, Body body) throws IOException {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.bytes().length);
        try (OutputStream out = connection.getOutputStream()) {
            for (int at = 0; at < body.bytes().length; at += PART) {
                int length = Math.min(PART, body.bytes().length - at);
                out.write(body.bytes(), at, length);
                body.sent().accept(at + length);
            }
        } catch (IOException e) {
            // A registry may refuse a body, with a reason, before it has read all of it.
            if (connection.getHeaderField(0) == null) {
                throw e;
            }
        }
    }

    private static int status(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("not an HTTP response");
        }
        return status;
    }

    /** {@return the failure for a missing response; mostly a transient one} */
    static RuntimeException broken(String host, String scheme, IOException e) {
        ReleaseException fault = unreachable(host, scheme, e);
        boolean stays = e instanceof UnknownHostException
                || e instanceof SSLHandshakeException
                // The JDK's message for a proxy that refuses the connection.
                || String.valueOf(e.getMessage()).matches("(?s).*Proxy returns \"HTTP/1\\.\\d 4.*");
        return stays ? fault : new Transient(fault, Optional.empty());
    }

    /** {@return the fault for a missing response} */
    static ReleaseException unreachable(String host, String scheme, IOException e) {
        if (e instanceof SSLHandshakeException && String.valueOf(e.getMessage()).contains("PKIX")) {
            return new ReleaseException.Unreachable(
                    host + ": its certificate is not signed by an authority that is known here; name its authority's"
                            + " certificate (PEM) with SSL_CERT_FILE, or put it into /etc/docker/certs.d/" + host
                            + "/ca.crt",
                    e);
        }
        String next = e instanceof SSLException && "https".equals(scheme)
                ? "; a registry without TLS needs --insecure-registry"
                : "; is it up?";
        return new ReleaseException.Unreachable(
                host + ": the registry can't be reached over " + scheme + " (" + why(e) + ")" + next, e);
    }

    private static String why(IOException e) {
        if (e instanceof ConnectException) {
            return "no connection";
        }
        if (e instanceof UnknownHostException) {
            return "no such host";
        }
        if (e instanceof SocketTimeoutException) {
            return "no response in time";
        }
        return RegistryReason.cleaned(String.valueOf(e.getMessage()));
    }
}
