package io.visitorcounter.release.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A response of a registry, whose body is still to be read. Closing it reads the rest, so that the connection can be used
 *  again.
 *
 *  @param request what was asked
 *  @param status such as 200
 *  @param fields the header, in its order
 *  @param body the bytes as they come; throws if they end before the announced length
 *  @param cut closes its connection */
record RegistryResponse(
        RegistryHttp.Request request,
        int status,
        List<Map.Entry<String, String>> fields,
        InputStream body,
        Runnable cut)
        implements AutoCloseable {

    /** The last value of a header field. */
    Optional<String> header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** Every value of a header field, in order. */
    List<String> headers(String name) {
        return fields.stream()
                .filter(field -> name.equalsIgnoreCase(field.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    /** The announced length in bytes; negative if unknown. */
    private long length() {
        String text = header("Content-Length").orElse("");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /** Whether the end of the body can't be verified. */
    boolean endsAnywhere() {
        return length() <= 0;
    }

    /** The body, uncompressed: some proxies compress unasked, and some only claim to. */
    byte[] read(int max) throws IOException {
        byte[] bytes = body.readNBytes(max);
        return saysGzip() && Compression.of(bytes) == Compression.GZIP
                ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readNBytes(max)
                : bytes;
    }

    /** The bytes of something stored, whose size is known: as they come, or uncompressed if a proxy compressed them. */
    InputStream stored(long size) throws IOException {
        if (endsAnywhere()) {
            return new WholeBody(body, size);
        }
        return saysGzip() && length() != size ? new GZIPInputStream(body) : body;
    }

    private boolean saysGzip() {
        return header("Content-Encoding").orElse("").endsWith("gzip");
    }

    /** Whether it is a page for people, such as a proxy shows in the place of what was asked for. */
    boolean isPage() {
        return header("Content-Type").orElse("").startsWith("text/html");
    }

    /** The registry's own reason for refusing; empty if it gives none. Reads the body. */
    String reason() {
        try (this) {
            return RegistryReason.of(
                    read(RegistryReason.MAX_BYTES), header("Content-Type").orElse(""));
        } catch (IOException e) {
            // The status is reported anyway.
            return "";
        }
    }

    /** When to retry: seconds or a date, RFC 9110, 10.2.3. */
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
        try (body) {
            body.readNBytes(Image.MAX_JSON_BYTES);
        } catch (IOException e) {
            // A body that is discarded need not be whole.
            cut.run();
        }
    }
}
