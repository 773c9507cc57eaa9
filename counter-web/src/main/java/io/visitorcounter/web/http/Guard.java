package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** Refuses requests whose end, host or body is ambiguous, before other handlers see them, and forbids browsers to guess
 *  content types.
 *
 *  <p>If two servers disagree about where a request ends, an attacker can make part of one client's request look like
 *  another's (request smuggling). So ambiguous requests are refused and their connections closed. Bodies are refused
 *  too, except small ones of a POST with a certain end, because some clients can't send a POST without a body. The app
 *  does not use them. */
public final class Guard implements HttpHandler {

    /** The version, spaces, question mark and end of a request line. */
    private static final int LINE_SIGNS = " ? HTTP/1.1\r\n".length();

    private static final int HEADER_SIGNS = ": \r\n".length();

    static final HttpString X_CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");

    static final String NO_SNIFF = "nosniff";

    /** Enough for what clients send as a dummy body, such as {@code {}} or a page's beacon, in bytes. */
    static final int MAX_BODY = 1024;

    /** More than any client needs. */
    public static final int MAX_HEADERS = 100;

    /** More than any client needs; each takes much more memory than its text. */
    public static final int MAX_PARAMETERS = 100;

    /** How far beyond the limit the server should read, in bytes, so that this class can explain what is slightly too
     *  long. Undertow itself refuses what is longer. */
    public static final int READ_ON = 2048;

    private final HttpHandler next;
    private final int maxBytes;
    private final long bodyMillis;
    private final ClientMemory memory;

    /** Limits the size of a request's line and headers, in bytes, and the time for a body. */
    public Guard(HttpHandler next, int maxBytes, Duration bodyTime, ClientMemory memory) {
        this.next = next;
        this.maxBytes = maxBytes;
        this.bodyMillis = bodyTime.toMillis();
        this.memory = memory;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        exchange.getResponseHeaders().put(X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        memory.lendTo(exchange);
        Problem problem = problem(exchange);
        if (problem == null) {
            try {
                withoutBody(exchange);
            } catch (RuntimeException e) {
                Problem.of(e).send(exchange);
            }
        } else {
            exchange.setPersistent(false);
            exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
            problem.send(exchange);
        }
    }

    private @Nullable Problem problem(HttpServerExchange exchange) {
        HttpString protocol = exchange.getProtocol();
        if (!Protocols.HTTP_1_1.equals(protocol)) {
            if (!Protocols.HTTP_1_0.equals(protocol)) {
                return wrongVersion();
            }
            // Otherwise the connection would stay open without the response saying so, and such a client would wait for
            // its end.
            exchange.setPersistent(false);
        }
        if (!isUpperCase(exchange.getRequestMethod())) {
            return new Problem(501, "no-such-method", "methods are in upper case");
        }
        if (exchange.getRequestURI().indexOf(';') >= 0) {
            return Problem.badRequest("path: expected no parameters behind a semicolon");
        }
        Problem tooLong = tooLong(exchange);
        if (tooLong != null) {
            return tooLong;
        }
        HeaderMap headers = exchange.getRequestHeaders();
        HeaderValues hosts = headers.get(Headers.HOST);
        if (hosts == null
                ? Protocols.HTTP_1_1.equals(exchange.getProtocol())
                : hosts.size() != 1 || !isHost(hosts.get(0))) {
            return wrongHost();
        }
        if (exchange.isHostIncludedInRequestURI() && !isWeb(exchange.getRequestURI())) {
            return Problem.badRequest("URL: expected http or https");
        }
        if (closes(headers.get(Headers.CONNECTION))) {
            exchange.setPersistent(false);
        }
        HeaderValues lengths = headers.get(Headers.CONTENT_LENGTH);
        if (headers.contains(Headers.TRANSFER_ENCODING)) {
            return lengths == null
                    ? new Problem(411, "no-length", "expected no body, or a small one with a Content-Length")
                    : Problem.badRequest("Content-Length and Transfer-Encoding: expected one of them at most");
        }
        if (lengths == null) {
            return null;
        }
        if (lengths.size() != 1 || !isNumber(lengths.get(0))) {
            return Problem.badRequest("Content-Length: expected one number");
        }
        long length = Long.parseLong(lengths.get(0));
        if (length == 0) {
            return null;
        }
        if (!Methods.POST.equals(exchange.getRequestMethod()) || length > MAX_BODY) {
            return new Problem(413, "long-body", "expected no body; of a POST, at most " + MAX_BODY + " bytes");
        }
        if (headers.contains(Headers.EXPECT)) {
            return new Problem(417, "no-expectations", "expected a body that is not to be waited for");
        }
        return memory.charge(exchange, MAX_BODY) ? null : Problem.tooBusy();
    }

    /** Reads the body first, if there is one, so that a truncated request is not executed. Closes the connection if the
     *  body does not arrive in time; Undertow has such a timeout only for heads. */
    private void withoutBody(HttpServerExchange exchange) throws Exception {
        if (exchange.getRequestContentLength() <= 0) {
            next.handleRequest(exchange);
            return;
        }
        XnioExecutor.Key late =
                exchange.getIoThread().executeAfter(() -> giveUp(exchange), bodyMillis, TimeUnit.MILLISECONDS);
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (read, body) -> {
                            late.remove();
                            try {
                                next.handleRequest(read);
                            } catch (Exception e) {
                                Problem.of(e).send(read);
                            }
                        },
                        (broken, e) -> {
                            late.remove();
                            IoUtils.safeClose(broken.getConnection());
                        });
    }

    private static void giveUp(HttpServerExchange exchange) {
        exchange.setStatusCode(StatusCodes.REQUEST_TIME_OUT);
        // Closed first, so that nothing waits for the rest of the body.
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }

    private @Nullable Problem tooLong(HttpServerExchange exchange) {
        int line = exchange.getRequestMethod().length()
                + exchange.getRequestURI().length()
                + exchange.getQueryString().length()
                + LINE_SIGNS;
        HeaderMap headers = exchange.getRequestHeaders();
        int bytes = 0;
        int count = 0;
        for (long at = headers.fastIterate(); at != -1; at = headers.fiNext(at)) {
            HeaderValues values = headers.fiCurrent(at);
            for (int i = 0; i < values.size(); i++) {
                bytes += values.getHeaderName().length() + values.get(i).length() + HEADER_SIGNS;
                count++;
            }
        }
        if (line + bytes > maxBytes) {
            return tooLong(maxBytes, line > bytes);
        }
        if (count > MAX_HEADERS) {
            return new Problem(431, "many-headers", "expected at most " + MAX_HEADERS + " headers");
        }
        int cost = ClientMemory.cost(
                line + bytes, count, exchange.getQueryParameters().size());
        return cost <= ClientMemory.SMALL || memory.charge(exchange, cost) ? null : Problem.tooBusy();
    }

    private static boolean isWeb(String url) {
        return url.regionMatches(true, 0, "http://", 0, 7) || url.regionMatches(true, 0, "https://", 0, 8);
    }

    /** {@return whether the client asks to close the connection; Undertow expects that word alone, and only in the
     *  first header} */
    private static boolean closes(@Nullable HeaderValues options) {
        if (options != null) {
            for (String list : options) {
                for (String option : list.split(",", -1)) {
                    if (option.strip().equalsIgnoreCase("close")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** {@return the problem for a request with an HTTP version other than 1.x} */
    public static Problem wrongVersion() {
        return new Problem(505, "wrong-version", "expected HTTP/1.1 or HTTP/1.0");
    }

    /** {@return the problem for a request whose host is unclear} */
    public static Problem wrongHost() {
        return Problem.badRequest("Host: expected one host, with or without a port");
    }

    /** {@return the problem for a head that is too long; {@code line} says whether most of it is the request line} */
    public static Problem tooLong(int maxBytes, boolean line) {
        String allowed = "expected at most " + maxBytes + " bytes of request line and headers";
        return line
                ? new Problem(414, "long-line", allowed + ", most are in the line")
                : new Problem(431, "long-headers", allowed + ", most are in the headers");
    }

    // Undertow's parser ignores the case of methods, but RFC 9110 (9.1) makes them case-sensitive.
    private static boolean isUpperCase(HttpString method) {
        for (int i = 0; i < method.length(); i++) {
            if (method.byteAt(i) >= 'a' && method.byteAt(i) <= 'z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-'
                    || c == ':'
                    || c == '_'
                    || c == '['
                    || c == ']';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
