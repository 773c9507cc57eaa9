package io.visitorcounter.web.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the handler for a method and path. Each segment of a path is a word or the only variable, {@code {name}}. HEAD
 *  goes to GET's handler. OPTIONS is answered here, for one path or, as {@code OPTIONS *}, for all. */
public final class Router implements HttpHandler {

    private static final AttachmentKey<String> NAME = AttachmentKey.create(String.class);

    /** One line of the URL table.
     *
     *  @param method as in {@code GET}
     *  @param path as in <code>/counters/{name}</code>
     *  @param handler handles the requests */
    public record Route(HttpString method, String path, HttpHandler handler) {}

    /** The methods of one path. */
    private record Place(List<String> segments, Map<HttpString, HttpHandler> handlers) {}

    private final List<Route> routes;
    /** The response to {@code OPTIONS *}, which asks what the server as a whole supports. */
    private final Response everything;

    private final List<Place> places = new ArrayList<>();
    private final Map<String, Place> plain = new HashMap<>();

    /** Creates a router for the whole table.
     *
     *  @param routes in the order they are tried; a path may occur several times, once for each method */
    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
        this.everything = options(allowed(routes.stream().map(Route::method).collect(Collectors.toSet())));
        Map<String, Place> byPath = new HashMap<>();
        for (Route route : routes) {
            Place place = byPath.computeIfAbsent(route.path(), path -> {
                Place added = new Place(segments(path), new HashMap<>());
                places.add(added);
                return added;
            });
            place.handlers().put(route.method(), route.handler());
            if (!route.path().contains("{")) {
                plain.put(route.path(), place);
            }
        }
    }

    /** {@return the table} */
    public List<Route> routes() {
        return routes;
    }

    /** {@return the value of the variable <code>{name}</code> in the request's path} */
    public static String name(HttpServerExchange exchange) {
        String name = exchange.getAttachment(NAME);
        if (name == null) {
            throw new IllegalStateException("the route has no {name}");
        }
        return name;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (exchange.getRequestURI().equals("*") && Methods.OPTIONS.equals(exchange.getRequestMethod())) {
            everything.send(exchange);
            return;
        }
        Place place = find(exchange);
        if (place == null) {
            new Problem(404, "no-such-url", "there is nothing at this path").send(exchange);
            return;
        }
        HttpString method = exchange.getRequestMethod();
        HttpHandler handler = place.handlers().get(Methods.HEAD.equals(method) ? Methods.GET : method);
        if (handler != null) {
            handler.handleRequest(exchange);
            return;
        }
        String allowed = allowed(place.handlers().keySet());
        if (Methods.OPTIONS.equals(method)) {
            options(allowed).send(exchange);
        } else {
            new Problem(405, "wrong-method", "this path answers " + allowed)
                    .response()
                    .with(Headers.ALLOW, allowed)
                    .send(exchange);
        }
    }

    private @Nullable Place find(HttpServerExchange exchange) {
        String path = exchange.getRelativePath();
        Place exact = plain.get(path);
        if (exact != null) {
            return exact;
        }
        List<String> segments = segments(path);
        for (Place place : places) {
            if (matches(place.segments(), segments, exchange)) {
                return place;
            }
        }
        return null;
    }

    private static boolean matches(List<String> pattern, List<String> segments, HttpServerExchange exchange) {
        if (pattern.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < pattern.size(); i++) {
            if (pattern.get(i).equals("{name}")) {
                exchange.putAttachment(NAME, segments.get(i));
            } else if (!pattern.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.split("/", -1));
    }

    private static Response options(String allowed) {
        return new Response(204, "", "", Map.of(Headers.ALLOW, allowed));
    }

    private static String allowed(Set<HttpString> answered) {
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        answered.forEach(method -> methods.add(method.toString()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }
}
