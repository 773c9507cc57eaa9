package io.visitorcounter.release.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.visitorcounter.release.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A registry in memory on a free port of this machine: enough of the OCI distribution protocol for images to be pushed
 *  and pulled, with the login that a test wants. It passes the same tests as a real one. */
public final class LoopbackRegistry implements AutoCloseable {

    private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/(.*)");
    private static final String TOKEN = "t0ken";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean letsAllRead;
    private volatile Auth auth = Auth.NONE;
    private volatile String password = "pa55";
    private final AtomicInteger requestsToHold = new AtomicInteger(-1);
    private volatile CountDownLatch reached = new CountDownLatch(0);
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile int answerUploadsWith;
    private volatile boolean listsReferrers;
    private final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);
    private volatile Quirk quirk = new Quirk() {};
    private volatile List<String> challenges = List.of();
    private volatile String tokenResponse = "{\"token\":\"" + TOKEN + "\"}";

    /** What it does otherwise than a registry should. */
    public interface Quirk {

        /** {@return whether the request was answered, so that nothing else is done}
         *
         *  @param exchange with the request */
        default boolean answers(HttpExchange exchange) throws IOException {
            return false;
        }

        /** {@return the status that is sent; headers may be changed as well}
         *
         *  @param exchange with the request, and the response's headers
         *  @param status which a registry should send */
        default int changed(HttpExchange exchange, int status) {
            return status;
        }

        /** {@return the body that is sent; headers may be changed as well}
         *
         *  @param exchange with the request, and the response's headers
         *  @param body which a registry should send */
        default byte[] written(HttpExchange exchange, byte[] body) {
            return body;
        }

        /** {@return whether bodies are sent without their length} */
        default boolean isChunked() {
            return false;
        }
    }

    /** How a registry wants to know who asks. */
    public enum Auth {
        NONE,
        BASIC,
        BEARER
    }

    /** Starts it. */
    public LoopbackRegistry() {
        this(Optional.empty());
    }

    /** Starts one that speaks TLS. */
    public LoopbackRegistry(TestCertificate certificate) {
        this(Optional.of(certificate));
    }

    private LoopbackRegistry(Optional<TestCertificate> certificate) {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (certificate.isPresent()) {
                HttpsServer encrypted = HttpsServer.create(free, 0);
                encrypted.setHttpsConfigurator(
                        new HttpsConfigurator(certificate.get().context()));
                server = encrypted;
            } else {
                server = HttpServer.create(free, 0);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** {@return its name, such as {@code localhost:40321}} */
    public String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** {@return the port that it listens at} */
    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on asks for the login {@code ada:pa55}. */
    public void require(Auth how) {
        auth = how;
    }

    /** What {@code ada}'s password is from now on. */
    public void password(String now) {
        password = now;
    }

    /** {@return every blob and manifest that it has} */
    public List<byte[]> contents() {
        return Stream.concat(blobs.values().stream(), manifests.values().stream())
                .toList();
    }

    /** From now on asks only who writes for a login. */
    public void letAllRead() {
        letsAllRead = true;
    }

    /** From now on has a quirk. */
    public void quirk(Quirk has) {
        quirk = has;
    }

    /** From now on asks with these header fields; {@code TOKENS} in them is where its tokens are. */
    public void challenges(List<String> fields) {
        challenges = fields;
    }

    /** From now on gives this for a token; {@code TOKEN} in it is the token. */
    public void tokenResponse(String json) {
        tokenResponse = json.replace("TOKEN", TOKEN);
    }

    /** From now on answers uploads with this status; 0 takes them. */
    public void answerUploadsWith(int status) {
        answerUploadsWith = status;
    }

    /** From now on has room for some blobs, and no disk for one more.
     *
     *  @param blobs how many */
    public void makeRoomFor(int blobs) {
        room.set(blobs);
    }

    /** Holds the request of this number, counted from now, until {@link #release()}.
     *
     *  @param number 1-based
     *  @return counts down when it has come */
    public CountDownLatch holdAtRequest(int number) {
        reached = new CountDownLatch(1);
        held = new CountDownLatch(1);
        requestsToHold.set(number);
        return reached;
    }

    /** Answers what is held, and holds nothing from now on. */
    public void release() {
        requestsToHold.set(-1);
        held.countDown();
    }

    /** {@return every request so far, such as {@code PUT /v2/app/manifests/1}} */
    public List<String> requests() {
        return requests;
    }

    /** {@return the requests that write} */
    public List<String> writes() {
        return requests.stream()
                .filter(request -> !request.startsWith("GET") && !request.startsWith("HEAD"))
                .toList();
    }

    /** Puts a blob there, as it is. */
    public void putBlob(Digest name, byte[] bytes) {
        blobs.put(name.text(), bytes);
    }

    /** {@return a blob's bytes, to be damaged} */
    public byte[] blob(Digest name) {
        return java.util.Objects.requireNonNull(blobs.get(name.text()));
    }

    /** Puts a manifest there under a tag and its digest. */
    public void putManifest(String repository, String version, byte[] bytes, String type) {
        manifests.put(repository + "@" + version, bytes);
        manifests.put(repository + "@" + Digest.of(bytes), bytes);
        types.put(Digest.of(bytes).text(), type);
    }

    /** Puts other bytes in the place of a manifest. */
    public void damageManifest(String repository, Digest digest, byte[] bytes) {
        manifests.put(repository + "@" + digest, bytes);
        types.put(Digest.of(bytes).text(), types.get(digest.text()));
    }

    /** {@return a manifest's bytes, by tag or digest} */
    public byte[] manifest(String repository, String version) {
        return java.util.Objects.requireNonNull(manifests.get(repository + "@" + version));
    }

    /** From now on lists what refers to an image by itself. */
    public void listReferrers() {
        listsReferrers = true;
    }

    /** Deletes a manifest and every tag that leads to it, as a clean-up does. */
    public void deleteManifest(String repository, Digest digest) {
        manifests
                .entrySet()
                .removeIf(entry -> entry.getKey().startsWith(repository + "@")
                        && Digest.of(entry.getValue()).equals(digest));
    }

    /** Lets a tag lead to another manifest. */
    public void moveTag(String repository, String tag, Digest to) {
        manifests.put(repository + "@" + tag, manifests.get(repository + "@" + to));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            if (quirk.answers(exchange)) {
                return;
            }
            if (uri.getPath().equals("/token")) {
                token(exchange);
                return;
            }
            requests.add(exchange.getRequestMethod() + " " + uri.getPath());
            if (requestsToHold.decrementAndGet() == 0) {
                reached.countDown();
                awaitRelease();
            }
            Matcher path = PATH.matcher(uri.getPath());
            if (!isAllowed(exchange)) {
                challenge(exchange);
            } else if (listsReferrers && uri.getPath().contains("/referrers/")) {
                referrers(exchange, uri.getPath());
            } else if (!path.matches()) {
                answer(exchange, uri.getPath().equals("/v2/") ? 200 : 404, new byte[0]);
            } else if (path.group(2).equals("manifests")) {
                manifest(exchange, path.group(1), path.group(3));
            } else {
                blob(exchange, path.group(1), path.group(3));
            }
        }
    }

    private void awaitRelease() throws IOException {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (letsAllRead && List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return true;
        }
        return switch (auth) {
            case NONE -> true;
            case BASIC -> given.equals(basic());
            case BEARER -> given.equals("Bearer " + TOKEN);
        };
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("ada:" + password).getBytes(StandardCharsets.UTF_8));
    }

    private void challenge(HttpExchange exchange) throws IOException {
        String tokens = (server instanceof HttpsServer ? "https://" : "http://") + host() + "/token";
        List<String> usual =
                List.of(auth == Auth.BASIC ? "Basic realm=\"here\"" : "Bearer realm=\"TOKENS\",service=\"here\"");
        for (String field : challenges.isEmpty() ? usual : challenges) {
            exchange.getResponseHeaders().add("WWW-Authenticate", field.replace("TOKENS", tokens));
        }
        answer(exchange, 401, new byte[0]);
    }

    private void token(HttpExchange exchange) throws IOException {
        boolean known = basic().equals(exchange.getRequestHeaders().getFirst("Authorization"));
        answer(exchange, known ? 200 : 401, tokenResponse.getBytes(StandardCharsets.UTF_8));
    }

    private void manifest(HttpExchange exchange, String repository, String version) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            putManifest(repository, version, bytes, exchange.getRequestHeaders().getFirst("Content-Type"));
            exchange.getResponseHeaders()
                    .add("Docker-Content-Digest", Digest.of(bytes).text());
            answer(exchange, 201, new byte[0]);
            return;
        }
        byte[] bytes = manifests.get(repository + "@" + version);
        if (bytes == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        exchange.getResponseHeaders()
                .add("Content-Type", types.getOrDefault(Digest.of(bytes).text(), ""));
        exchange.getResponseHeaders()
                .add("Docker-Content-Digest", Digest.of(bytes).text());
        answer(exchange, 200, bytes);
    }

    private void referrers(HttpExchange exchange, String path) throws IOException {
        String subject = "\"subject\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                + path.substring(path.lastIndexOf('/') + 1);
        String list = manifests.values().stream()
                .filter(bytes -> new String(bytes, StandardCharsets.UTF_8).contains(subject))
                .map(bytes -> "{\"digest\":\"" + Digest.of(bytes) + "\"}")
                .distinct()
                .collect(Collectors.joining(","));
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.oci.image.index.v1+json");
        answer(
                exchange,
                200,
                ("{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[" + list + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void blob(HttpExchange exchange, String repository, String rest) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().add("Location", "/v2/" + repository + "/blobs/uploads/1");
            answer(exchange, answerUploadsWith == 0 ? 202 : answerUploadsWith, new byte[0]);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            String digest = exchange.getRequestURI().getQuery().replaceFirst("^.*digest=", "");
            boolean good = Digest.of(body).text().equals(digest);
            boolean full = room.getAndDecrement() <= 0;
            if (good && !full) {
                blobs.put(digest, body);
            }
            answer(exchange, full ? 507 : good ? 201 : 400, new byte[0]);
        } else {
            byte[] bytes = blobs.get(rest);
            answer(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
        }
    }

    private void answer(HttpExchange exchange, int should, byte[] body) throws IOException {
        int status = quirk.changed(exchange, should);
        byte[] bytes = body.length == 0 ? body : quirk.written(exchange, body);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : quirk.isChunked() ? 0 : bytes.length);
        if (!head && bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
