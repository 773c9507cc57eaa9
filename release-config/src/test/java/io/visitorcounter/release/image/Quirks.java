package io.visitorcounter.release.image;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

/** What a {@link LoopbackRegistry} can be made to do otherwise. */
final class Quirks {

    private Quirks() {}

    static boolean is(HttpExchange exchange, String request) {
        String[] words = request.split(" ", -1);
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        String last = words[words.length - 1];
        boolean isPart = List.of("manifests", "blobs", "token").contains(last);
        boolean isMethod = List.of(words)
                .subList(0, isPart ? words.length - 1 : words.length)
                .contains(method);
        return isMethod && !path.equals("/v2/") && (!isPart || path.contains("/" + last));
    }

    static void drain(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
    }

    static LoopbackRegistry.Quirk once(String request, int status) {
        return once(request, status, "");
    }

    static LoopbackRegistry.Quirk once(String request, int status, String body) {
        AtomicInteger left = new AtomicInteger(1);
        return answering(exchange -> is(exchange, request) && left.getAndDecrement() > 0, status, body);
    }

    static LoopbackRegistry.Quirk always(String request, int status) {
        return always(request, status, "");
    }

    static LoopbackRegistry.Quirk always(String request, int status, String body) {
        return answering(exchange -> is(exchange, request), status, body);
    }

    static LoopbackRegistry.Quirk answering(Predicate<HttpExchange> when, int status, String body) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!when.test(exchange)) {
                    return false;
                }
                drain(exchange);
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                if (bytes.length > 0) {
                    exchange.getResponseBody().write(bytes);
                }
                return true;
            }
        };
    }

    /** Closes the connection instead of an answer. */
    static LoopbackRegistry.Quirk cutOnce(String request) {
        AtomicInteger left = new AtomicInteger(2);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) {
                // Twice, as the JDK's client tries once more by itself.
                return is(exchange, request) && left.getAndDecrement() > 0;
            }
        };
    }

    /** Says that it has every blob, and takes no manifest until it was given some all the same. */
    static LoopbackRegistry.Quirk forgetful() {
        AtomicBoolean given = new AtomicBoolean();
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (is(exchange, "HEAD blobs")) {
                    exchange.sendResponseHeaders(200, -1);
                    return true;
                }
                if (is(exchange, "PUT manifests") && !given.get()) {
                    drain(exchange);
                    byte[] body = "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"blob unknown\"}]}"
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(400, body.length);
                    exchange.getResponseBody().write(body);
                    return true;
                }
                if (is(exchange, "PUT blobs")) {
                    given.set(true);
                }
                return false;
            }
        };
    }

    /** Promises more than it sends. */
    static LoopbackRegistry.Quirk shortOnce(String request, boolean isChunked) {
        AtomicInteger left = new AtomicInteger(1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!is(exchange, request) || left.getAndDecrement() <= 0) {
                    return false;
                }
                if (isChunked) {
                    exchange.getResponseHeaders().add("Transfer-Encoding", "chunked");
                }
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody()
                        .write((isChunked ? "3e8\r\n0123456789" : "0123456789").getBytes(StandardCharsets.US_ASCII));
                return true;
            }
        };
    }

    static LoopbackRegistry.Quirk header(String name, String value) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (exchange.getResponseHeaders().containsKey(name)) {
                    exchange.getResponseHeaders().set(name, value);
                }
                return status;
            }
        };
    }

    static LoopbackRegistry.Quirk status(String method, int instead) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                return exchange.getRequestMethod().equals(method) && status / 100 == 2 ? instead : status;
            }
        };
    }

    static LoopbackRegistry.Quirk upload(String location) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (exchange.getRequestMethod().equals("POST")) {
                    exchange.getResponseHeaders()
                            .set(
                                    "Location",
                                    location.replace(
                                            "HOST", exchange.getRequestHeaders().getFirst("Host")));
                }
                return status;
            }
        };
    }

    /** Leads every request first elsewhere on the same host. */
    static LoopbackRegistry.Quirk redirect(String requests, int status) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String query = String.valueOf(exchange.getRequestURI().getRawQuery());
                if (!is(exchange, requests) || query.contains("redirected")) {
                    return false;
                }
                drain(exchange);
                String to = exchange.getRequestURI().getRawPath() + "?redirected&" + query;
                exchange.getResponseHeaders().add("Location", to);
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
        };
    }

    /** Answers once with this status and these header fields. */
    static LoopbackRegistry.Quirk onceWith(String request, int status, Map<String, String> fields, String body) {
        LoopbackRegistry.Quirk answer = once(request, status, body);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                Headers headers = exchange.getResponseHeaders();
                String tokens = "http://" + exchange.getRequestHeaders().getFirst("Host") + "/token";
                if (is(exchange, request)) {
                    fields.forEach((name, value) -> headers.set(name, value.replace("TOKENS", tokens)));
                }
                if (answer.answers(exchange)) {
                    return true;
                }
                fields.keySet().forEach(headers::remove);
                return false;
            }
        };
    }

    /** Answers one path always. */
    static LoopbackRegistry.Quirk atPath(String path, int status, String body) {
        return answering(exchange -> exchange.getRequestURI().getPath().equals(path), status, body);
    }

    /** Leads requests to the same server by another name, and answers them only there. */
    static LoopbackRegistry.Quirk elsewhere(String requests, int status, int statusThereOnce) {
        AtomicInteger left = new AtomicInteger(statusThereOnce == 0 ? 0 : 1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String host = exchange.getRequestHeaders().getFirst("Host");
                if (!is(exchange, requests)) {
                    return false;
                }
                if (!host.startsWith("localhost:")) {
                    if (left.getAndDecrement() > 0) {
                        drain(exchange);
                        exchange.sendResponseHeaders(statusThereOnce, -1);
                        return true;
                    }
                    return false;
                }
                drain(exchange);
                exchange.getResponseHeaders()
                        .add("Location", "http://" + host.replace("localhost", "127.0.0.1") + exchange.getRequestURI());
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
        };
    }

    /** Compresses its responses to GET, unless the client does not want that and it listens. */
    static LoopbackRegistry.Quirk compressing(String requests, String coding, boolean listens) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public byte[] written(HttpExchange exchange, byte[] body) {
                String wanted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
                if (!is(exchange, requests) || (listens && wanted.equals("identity"))) {
                    return body;
                }
                exchange.getResponseHeaders().set("Content-Encoding", coding);
                ByteArrayOutputStream compressed = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                    gzip.write(body);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return compressed.toByteArray();
            }
        };
    }

    /** Sets header fields of every response. */
    static LoopbackRegistry.Quirk saying(Map<String, String> fields) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                fields.forEach(exchange.getResponseHeaders()::set);
                return status;
            }
        };
    }

    /** Gives out cookies, and refuses whoever sends one back without more. */
    static LoopbackRegistry.Quirk cookies() {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                exchange.getResponseHeaders().add("Set-Cookie", "sid=1; Path=/; HttpOnly");
                if (!exchange.getRequestHeaders().containsKey("Cookie")) {
                    return false;
                }
                drain(exchange);
                exchange.sendResponseHeaders(403, -1);
                return true;
            }
        };
    }

    /** Sends every body without saying how long it is. */
    static LoopbackRegistry.Quirk chunked() {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean isChunked() {
                return true;
            }
        };
    }

    /** Leads requests to the same server by another name, which refuses them. */
    static LoopbackRegistry.Quirk elsewhereRefusing(String requests, int status) {
        LoopbackRegistry.Quirk lead = elsewhere(requests, 307, 0);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                if (!is(exchange, requests) || lead.answers(exchange)) {
                    return is(exchange, requests);
                }
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
        };
    }

    /** Sends a part of a body without a length, and closes the connection. */
    static LoopbackRegistry.Quirk endlessOnce(String request) {
        AtomicInteger left = new AtomicInteger(1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public byte[] written(HttpExchange exchange, byte[] body) {
                if (!is(exchange, request) || left.getAndDecrement() <= 0) {
                    return body;
                }
                exchange.getResponseHeaders().set("Connection", "close");
                return Arrays.copyOf(body, body.length / 2);
            }

            @Override
            public boolean isChunked() {
                return true;
            }
        };
    }

    /** Sends once nothing where a body should be. */
    static LoopbackRegistry.Quirk emptyOnce(String request) {
        AtomicInteger left = new AtomicInteger(1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public byte[] written(HttpExchange exchange, byte[] body) {
                return is(exchange, request) && left.getAndDecrement() > 0 ? new byte[0] : body;
            }
        };
    }

    /** Sends one status in the place of another. */
    static LoopbackRegistry.Quirk status(int should, int instead) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                return status == should ? instead : status;
            }
        };
    }

    /** Takes the first token that it is shown for one that is not valid yet. */
    static LoopbackRegistry.Quirk firstTokenRefused() {
        AtomicInteger left = new AtomicInteger(1);
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String shown = exchange.getRequestHeaders().getFirst("Authorization");
                if (shown == null || !shown.startsWith("Bearer ") || left.getAndDecrement() <= 0) {
                    return false;
                }
                drain(exchange);
                String tokens = "http://" + exchange.getRequestHeaders().getFirst("Host") + "/token";
                exchange.getResponseHeaders()
                        .add("WWW-Authenticate", "Bearer realm=\"" + tokens + "\",error=\"invalid_token\"");
                exchange.sendResponseHeaders(401, -1);
                return true;
            }
        };
    }

    /** Tells only who asks for the root how to log in. */
    static LoopbackRegistry.Quirk challengeOnlyAtRoot() {
        return new LoopbackRegistry.Quirk() {
            @Override
            public int changed(HttpExchange exchange, int status) {
                if (!exchange.getRequestURI().getPath().equals("/v2/")) {
                    exchange.getResponseHeaders().remove("WWW-Authenticate");
                }
                return status;
            }
        };
    }

    /** Leads every request first elsewhere on the same host, by a query that stands by itself. */
    static LoopbackRegistry.Quirk redirectByQuery(String requests) {
        return new LoopbackRegistry.Quirk() {
            @Override
            public boolean answers(HttpExchange exchange) throws IOException {
                String query = String.valueOf(exchange.getRequestURI().getRawQuery());
                if (!is(exchange, requests) || query.contains("redirected")) {
                    return false;
                }
                exchange.getResponseHeaders().add("Location", "?redirected");
                exchange.sendResponseHeaders(307, -1);
                return true;
            }
        };
    }
}
