package io.visitorcounter.web;

import static io.undertow.util.Methods.DELETE;
import static io.undertow.util.Methods.GET;
import static io.undertow.util.Methods.POST;
import static io.undertow.util.Methods.PUT;

import io.undertow.server.HttpHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.visitorcounter.web.admin.Administration;
import io.visitorcounter.web.health.Health;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.Cors;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.http.Router.Route;
import io.visitorcounter.web.http.TextResource;
import io.visitorcounter.web.live.LiveCounters;
import io.visitorcounter.web.metrics.Metrics;
import io.visitorcounter.web.page.Asset;
import io.visitorcounter.web.page.Badges;
import io.visitorcounter.web.visit.Counters;
import io.visitorcounter.web.visit.Home;
import java.util.List;
import java.util.function.Function;

/** The URL table. Handlers run on the I/O threads and must not block; see {@link Endpoint}.
 *
 *  @param home counts the visits of the one counter
 *  @param counters the counters by name
 *  @param badges the counters' badges
 *  @param live the counters' live streams
 *  @param health the process' health
 *  @param release the running release
 *  @param metrics the process' metrics
 *  @param scrape shows the metrics
 *  @param administration manages every counter
 *  @param administrated closes an endpoint to all but administrators
 *  @param cors which other origins may read */
record Routes(
        Home home,
        Counters counters,
        Badges badges,
        LiveCounters live,
        Health health,
        ReleaseInfo release,
        Metrics metrics,
        HttpHandler scrape,
        Administration administration,
        Function<Endpoint, HttpHandler> administrated,
        Cors cors) {

    private static final Response NO_FAVICON =
            Response.of(204, "", "").with(Headers.CACHE_CONTROL, "public, max-age=86400");

    /** The description of every URL, for machines. A test compares it with this table. */
    private static final Response OPEN_API =
            Response.ok(Response.JSON, TextResource.read(Routes.class, "openapi.json"));

    Router router() {
        return new Router(List.of(
                route(GET, "/", home),
                route(GET, "/counters/{name}", cors.readable(Endpoint.handler(counters::read))),
                route(POST, "/counters/{name}/visits", Endpoint.handler(counters::visit)),
                route(GET, "/counters/{name}/visitors", cors.readable(Endpoint.handler(counters::visitors))),
                route(GET, "/counters/{name}/live", cors.readable(live)),
                route(GET, "/counters/{name}/badge.svg", cors.readable(Endpoint.handler(badges::read))),
                route(GET, "/health/live", Endpoint.of(exchange -> health.live())),
                route(GET, "/health/started", Endpoint.handler(health::started)),
                route(GET, "/health/ready", Endpoint.handler(health::ready)),
                route(GET, "/metrics", scrape),
                route(GET, "/admin/counters", administrated.apply(administration::list)),
                route(GET, "/admin/counters/{name}", administrated.apply(administration::read)),
                route(PUT, "/admin/counters/{name}", administrated.apply(administration::set)),
                route(DELETE, "/admin/counters/{name}", administrated.apply(administration::delete)),
                route(GET, "/release", Endpoint.of(exchange -> release.response())),
                route(GET, "/openapi.json", cors.readable(OPEN_API.shared())),
                route(GET, "/favicon.ico", Endpoint.of(exchange -> NO_FAVICON)),
                asset(Asset.css()),
                asset(Asset.js()),
                asset(Asset.icon())));
    }

    private Route asset(Asset asset) {
        return route(GET, asset.path(), asset.response().shared());
    }

    private Route route(HttpString method, String path, HttpHandler handler) {
        return new Route(method, path, metrics.timed(path, handler));
    }
}
