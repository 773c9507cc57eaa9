package io.visitorcounter.release.action;

import io.visitorcounter.release.ReleaseException;
import io.visitorcounter.release.ledger.Release;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The address that users use, asked as a user would: whether it is ready, and which release it reports. Each request
 *  uses a new connection, so that a load balancer may choose another process.
 *
 *  @param base what users use, such as {@code https://count.example}
 *  @param release the one that it should report */
record PublicAddress(URI base, Release release) implements Answers {

    private static final String READY = "/health/ready";
    private static final String RELEASE = "/release";
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MAX_REPLY_BYTES = 1 << 16;

    @Override
    public Optional<String> fault() {
        try {
            int ready = ask(READY).status();
            if (ready != HttpURLConnection.HTTP_OK) {
                return wrong(READY, "expected 200, got " + ready);
            }
            Reply reply = ask(RELEASE);
            if (reply.status() != HttpURLConnection.HTTP_OK) {
                return wrong(RELEASE, "expected 200, got " + reply.status());
            }
            return ReleaseAnswer.fault(reply.text(), release).map(what -> address(RELEASE) + ": " + what);
        } catch (IOException e) {
            return wrong("", ReleaseException.reason(e));
        }
    }

    private record Reply(int status, String text) {}

    private Reply ask(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address(path)).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Connection", "close");
        try {
            int status = connection.getResponseCode();
            try (InputStream in = status < HttpURLConnection.HTTP_BAD_REQUEST
                    ? connection.getInputStream()
                    : connection.getErrorStream()) {
                return new Reply(
                        status, in == null ? "" : new String(in.readNBytes(MAX_REPLY_BYTES), StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }

    private String address(String path) {
        String text = base.toString();
        return (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path;
    }

    private Optional<String> wrong(String path, String what) {
        return Optional.of(address(path) + ": " + what);
    }
}
