package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** One request to a registry and its response. By the JDK's older client, as the newer one takes a short command a third of
 *  a second to set up. Follows nothing, knows no login. */
final class RegistryHttp {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);
    private static final int PART = 1 << 16;

    private final HttpSettings settings;

    RegistryHttp(HttpSettings settings) {
        this.settings = settings;
    }

    /** What is sent.
     *
     *  @param bytes whole
     *  @param sent hears how many of them were sent */
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

        Request with(Map<String, String> all) {
            return new Request(method, uri, all, body);
        }

        Request to(URI other) {
            return new Request(method, other, headers, body);
        }
    }

    /** A response, whose body is still to be read. Closing it reads the rest, so that the connection can be used again. */
    record RegistryResponse(Request request, int status, HttpURLConnection connection) implements AutoCloseable {

        Optional<String> header(String name) {
            return Optional.ofNullable(connection.getHeaderField(name));
        }

        /** Every value of a header field, in their order. */
        List<String> headers(String name) {
            List<String> values = new ArrayList<>();
            // Field 0 is the status line.
            for (int i = 1; connection.getHeaderField(i) != null; i++) {
                if (name.equalsIgnoreCase(connection.getHeaderFieldKey(i))) {
                    values.add(connection.getHeaderField(i));
                }
            }
            return values;
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }

        InputStream body() throws IOException {
            InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            if (body == null) {
                return new ByteArrayInputStream(new byte[0]);
            }
            long length = request.method().equals("HEAD") ? -1 : connection.getContentLengthLong();
            return length < 0 ? body : new WholeBody(body, length);
        }

        /** Why it refused, in its own words; empty if it does not say. Its body is read then. */
        String reason() {
            try (InputStream body = body()) {
                return RegistryReason.of(
                        body.readNBytes(RegistryReason.MAX_BYTES),
                        header("Content-Type").orElse(""));
            } catch (IOException e) {
                // The status is told all the same.
                return "";
            }
        }

        /** When it wants to be asked again: seconds or a date, RFC 9110, 10.2.3. */
        Optional<Duration> retryAfter() {
            return header("Retry-After").map(String::strip).flatMap(RegistryResponse::delay);
        }

        private static Optional<Duration> delay(String text) {
            if (text.matches("[0-9]{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration delay = Duration.between(Instant.now(), then);
                return Optional.of(delay.isNegative() ? Duration.ZERO : delay);
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            try (InputStream rest = body()) {
                rest.readNBytes(Image.MAX_JSON_BYTES);
            } catch (IOException e) {
                // What is thrown away need not be whole.
                connection.disconnect();
            }
        }
    }

    /** {@return the response, whatever its status}
     *
     *  @throws IOException if there is none */
    RegistryResponse send(Request request) throws IOException {
        HttpURLConnection connection = open(request.uri());
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(request.method());
        connection.setRequestProperty("User-Agent", "release");
        request.headers().forEach(connection::setRequestProperty);
        if (request.body().isPresent()) {
            write(connection, request.body().get());
        }
        return new RegistryResponse(request, status(connection), connection);
    }

    private HttpURLConnection open(URI uri) throws IOException {
        Optional<HttpSettings.Via> via = settings.proxy(uri);
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection)
                    uri.toURL().openConnection(via.map(HttpSettings.Via::proxy).orElse(Proxy.NO_PROXY));
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IOException("not an address that can be asked", e);
        }
        via.flatMap(HttpSettings.Via::authorization)
                .ifPresent(value -> connection.setRequestProperty("Proxy-Authorization", value));
        if (connection instanceof HttpsURLConnection tls) {
            settings.sockets(uri.getAuthority()).ifPresent(tls::setSSLSocketFactory);
        }
        return connection;
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
            // A registry may refuse a body, with its reason, before it has read all of it.
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

    /** {@return the failure that there is no response; mostly one that may pass}
     *
     *  @param host of the registry
     *  @param scheme which was tried
     *  @param e why */
    static RuntimeException broken(String host, String scheme, IOException e) {
        ReleaseException fault = unreachable(host, scheme, e);
        boolean stays = e instanceof UnknownHostException || e instanceof SSLHandshakeException;
        return stays ? fault : new Transient(fault, Optional.empty());
    }

    /** {@return the fault that there is no response}
     *
     *  @param host of the registry
     *  @param scheme which was tried
     *  @param e why */
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
