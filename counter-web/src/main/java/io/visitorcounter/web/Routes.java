package io.visitorcounter.web;

import static io.undertow.util.Methods.GET;
import static io.undertow.util.Methods.POST;

import io.undertow.util.HttpString;
import io.visitorcounter.web.health.Health;
import io.visitorcounter.web.health.Release;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.http.Router.Route;
import io.visitorcounter.web.visit.Counters;
import io.visitorcounter.web.visit.Home;
import java.util.List;

/** The URL table. */
final class Routes {

    private Routes() {}

    static Router of(Home home, Counters counters, Health health, Release release) {
        return new Router(List.of(
                new Route(GET, "/", home),
                route(GET, "/counters/{name}", counters::read),
                route(POST, "/counters/{name}/visits", counters::visit),
                route(GET, "/health/live", Endpoint.of(exchange -> health.live())),
                route(GET, "/health/ready", Endpoint.of(exchange -> health.ready())),
                route(GET, "/release", Endpoint.of(exchange -> release.answer()))));
    }

    private static Route route(HttpString method, String path, Endpoint endpoint) {
        return new Route(method, path, endpoint.handler());
    }
}
