package io.visitorcounter.web.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import io.visitorcounter.core.CounterException;
import io.visitorcounter.core.MaybeCountedException;
import io.visitorcounter.core.NotCountedException;
import io.visitorcounter.web.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An error as RFC 9457 problem JSON.
 *
 *  @param status the HTTP status
 *  @param kind a word for machines, the end of the problem's type
 *  @param detail one line for people; never a secret, never a stack trace
 *  @param pause how long to wait before trying again; zero if that does not help */
public record Problem(int status, String kind, String detail, Duration pause) {

    /** A problem that trying again does not fix. */
    public Problem(int status, String kind, String detail) {
        this(status, kind, detail, Duration.ZERO);
    }

    private static final String JSON = "application/problem+json";
    private static final String HTML = "text/html; charset=utf-8";

    private static final List<String> FORMS = List.of(JSON, "text/html");

    private static final HttpString SECURITY_POLICY = new HttpString("Content-Security-Policy");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/page.css">
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p>%2$s</p>
            %3$s</main>
            </body>
            </html>
            """;

    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

    /** Ends a request early with a problem. */
    public static final class Thrown extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        public Thrown(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }
    }

    /** {@return the client's problem for a failure; this is the only table of failures and statuses} */
    public static Problem of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Thrown thrown) {
            return thrown.problem;
        }
        if (cause instanceof CounterException counting) {
            LOG.debug("told as a problem: {}", counting.getMessage());
            return of(counting);
        }
        LOG.error("a request failed by our own fault", cause);
        return new Problem(StatusCodes.INTERNAL_SERVER_ERROR, "internal", "the server's own fault; it is in its log");
    }

    /** {@return the problem, without the cause, which is for the operator and in the log} */
    private static Problem of(CounterException failure) {
        Duration pause = failure.isTransient() ? SOON : Duration.ZERO;
        if (failure instanceof NotCountedException) {
            return new Problem(
                    StatusCodes.SERVICE_UNAVAILABLE, "not-counted", "The visit can't be counted at the moment.", pause);
        }
        if (failure instanceof MaybeCountedException) {
            return new Problem(
                    StatusCodes.GATEWAY_TIME_OUT, "maybe-counted", "The visit was counted, or was not: no reply came.");
        }
        return new Problem(StatusCodes.SERVICE_UNAVAILABLE, "store", "The counter can't be read at the moment.", pause);
    }

    /** {@return the problem for a request that breaks a rule} */
    public static Problem badRequest(String detail) {
        return new Problem(StatusCodes.BAD_REQUEST, "bad-request", detail);
    }

    /** {@return the problem for too many requests, with the time to wait for the next one} */
    public static Problem tooMany(String detail, Duration wait) {
        return new Problem(StatusCodes.TOO_MANY_REQUESTS, "too-many", detail, wait);
    }

    /** {@return the problem for a request for which there is no memory at the moment} */
    public static Problem tooBusy() {
        return new Problem(
                StatusCodes.SERVICE_UNAVAILABLE,
                "too-busy",
                "too many requests with long heads or responses are open",
                SOON);
    }

    /** {@return the problem as a complete HTTP/1.1 response, after which the connection closes} */
    public byte[] closing() {
        Response response = response();
        String headers = response.headers().entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                .collect(Collectors.joining());
        return ("HTTP/1.1 " + status + " " + StatusCodes.getReason(status) + "\r\n" + headers + "Content-Type: "
                        + response.type() + "\r\nContent-Length: "
                        + response.body().getBytes(StandardCharsets.UTF_8).length + "\r\n"
                        + Guard.X_CONTENT_TYPE_OPTIONS + ": " + Guard.NO_SNIFF + "\r\nConnection: close\r\n\r\n"
                        + response.body())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** {@return an exception that ends the request with this problem} */
    public Thrown thrown() {
        return new Thrown(this);
    }

    /** {@return the problem as a response} */
    public Response response() {
        return timed(Response.of(
                status,
                JSON,
                Json.object(json -> json.put("type", "urn:visitorcounter:problem:" + kind)
                        .put("title", StatusCodes.getReason(status))
                        .put("status", status)
                        .put("detail", detail))));
    }

    /** {@return the problem as a page, for a person} */
    private Response page() {
        return timed(Response.of(
                        status,
                        HTML,
                        PAGE.formatted(
                                Markup.escaped(StatusCodes.getReason(status)),
                                Markup.escaped(Character.toUpperCase(detail.charAt(0)) + detail.substring(1)),
                                pause.isZero() ? "" : "<p>Please try again in a moment.</p>\n"))
                .with(SECURITY_POLICY, "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"));
    }

    private Response timed(Response response) {
        // whole seconds, rounded up
        return pause.isZero()
                ? response
                : response.with(
                        Headers.RETRY_AFTER,
                        String.valueOf(pause.plusMillis(999).toSeconds()));
    }

    /** Responds to the request with the problem, on its I/O thread. */
    public void send(HttpServerExchange exchange) {
        if (exchange.isResponseStarted()) {
            exchange.endExchange();
        } else {
            (Accept.best(exchange, FORMS) == 0 ? response() : page()).send(exchange);
        }
    }
}
