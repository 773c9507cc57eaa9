package io.visitorcounter.web;

import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.health.Health;
import io.visitorcounter.web.health.Release;
import io.visitorcounter.web.http.OpenRequests;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.page.Page;
import io.visitorcounter.web.visit.Counters;
import io.visitorcounter.web.visit.GatheredVisits;
import io.visitorcounter.web.visit.Home;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** The running app: an open store and a listening server. */
final class App implements AutoCloseable {

    private final CounterStore store;
    private final Server server;

    private App(CounterStore store, Server server) {
        this.store = store;
        this.server = server;
    }

    /** {@return the app, serving}
     *
     *  @throws StartException if the store or the address can't be had; then nothing is left open */
    static App start(AppConfig config, Release release, Clock clock) throws StartException {
        CounterStore store = open(config.store());
        try {
            return new App(store, Server.start(config.http(), handler(config, release, clock, store)));
        } catch (StartException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static CounterStore open(AppConfig.Store config) throws StartException {
        try {
            return CounterStore.open(config.address().uri(), config.options().build());
        } catch (StoreException | IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static OpenRequests handler(AppConfig config, Release release, Clock clock, CounterStore store) {
        VisitorCounter counter = store.counter(config.counter());
        Page page = new Page(config.greeting(), release);
        Home home = new Home(
                counter,
                config.greeting(),
                release.name(),
                new GatheredVisits(counter, config.greeting(), config.store().queue(), Server.ioThreads()),
                number -> CompletableFuture.completedFuture(page.of(number)));
        OpenRequests[] requests = new OpenRequests[1];
        Health health = new Health(store, () -> requests[0].draining());
        Router routes = Routes.of(home, new Counters(store, clock), health, release);
        requests[0] = new OpenRequests(routes);
        return requests[0];
    }

    int port() {
        return server.port();
    }

    /** Stops serving, then lets the store finish what it took. */
    @Override
    public void close() {
        server.close();
        store.close();
    }
}
