package io.visitorcounter.release.image;

import io.visitorcounter.release.ReleaseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** One question to a registry and its answer. By the JDK's older client, as the newer one takes a short command a third of
 *  a second to set up. Follows nothing, knows no login. */
final class RegistryHttp {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);
    private static final int PART = 1 << 16;

    private RegistryHttp() {}

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

    /** A question.
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
    }

    /** An answer, whose body is still to be read. Closing it reads the rest, so that the connection can be used again. */
    record RegistryResponse(Request request, int status, HttpURLConnection connection) implements AutoCloseable {

        Optional<String> header(String name) {
            return Optional.ofNullable(connection.getHeaderField(name));
        }

        InputStream body() throws IOException {
            InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            return body == null ? new ByteArrayInputStream(new byte[0]) : body;
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

    /** {@return the answer, whatever its status}
     *
     *  @throws IOException if there is none */
    static RegistryResponse send(Request request) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) request.uri().toURL().openConnection();
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
            throw new IOException("no HTTP");
        }
        return status;
    }

    /** {@return the fault that there is no answer}
     *
     *  @param host of the registry
     *  @param scheme which was tried
     *  @param e why */
    static ReleaseException broken(String host, String scheme, IOException e) {
        String why;
        if (e instanceof ConnectException) {
            why = "no connection";
        } else if (e instanceof UnknownHostException) {
            why = "no such host";
        } else if (e instanceof SocketTimeoutException) {
            why = "no answer in time";
        } else {
            why = String.valueOf(e.getMessage());
        }
        return new ReleaseException.Unreachable(
                host + ": the registry can't be reached over " + scheme + " (" + why + "); is it up?", e);
    }
}
