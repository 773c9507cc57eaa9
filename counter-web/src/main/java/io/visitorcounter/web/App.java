package io.visitorcounter.web;

import io.undertow.server.HttpHandler;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.EventLoop;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.admin.Administration;
import io.visitorcounter.web.admin.BearerToken;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.connection.Refusals;
import io.visitorcounter.web.fast.IoThreads;
import io.visitorcounter.web.fast.ThreadStores;
import io.visitorcounter.web.fast.Turns;
import io.visitorcounter.web.fast.VisitBatcher;
import io.visitorcounter.web.health.Health;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.AccessLog;
import io.visitorcounter.web.http.AddressAllowlist;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Cors;
import io.visitorcounter.web.http.CounterNames;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.IdleConnections;
import io.visitorcounter.web.http.OpenRequests;
import io.visitorcounter.web.http.PerClientLimit;
import io.visitorcounter.web.http.Rate;
import io.visitorcounter.web.http.RateLimit;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.live.LiveCounters;
import io.visitorcounter.web.metrics.Metrics;
import io.visitorcounter.web.page.Badges;
import io.visitorcounter.web.page.Page;
import io.visitorcounter.web.values.Greeting;
import io.visitorcounter.web.visit.Counters;
import io.visitorcounter.web.visit.FirstVisits;
import io.visitorcounter.web.visit.Home;
import io.visitorcounter.web.visit.UniqueVisitors;
import io.visitorcounter.web.visit.VisitRule;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The running app: an open store and a listening server. */
final class App implements AutoCloseable {

    private final AppConfig config;
    private final Metrics metrics = new Metrics();
    private final IoThreads threads;
    private final CounterStore store;
    private final ThreadStores threadStores;
    private final CounterNames names;
    private final LiveCounters live;
    private final OpenRequests requests;
    final Router router;
    private final Server server;

    private App(AppConfig config, ReleaseInfo release, Clock clock) throws StartException {
        this.config = config;
        ClientAddress address = new ClientAddress(config.get(ConfigKeys.HTTP_TRUSTED_PROXIES));
        ClientBounds bounds = ClientBounds.of(config, address, ClientBounds.ProcessMemory.ofThisProcess());
        IdleConnections idle = new IdleConnections(bounds.connections(), () -> metrics.refused(Refusals.IDLE));
        this.threads = startThreads(config.get(ConfigKeys.HTTP_IO_THREADS));
        // Both take about equally long, mostly for loading classes.
        EventLoop ofStore =
                config.get(ConfigKeys.HTTP_FAST_PATH) ? threads.loops().get(0) : null;
        StoreOpening opening = StoreOpening.begin(() -> open(config, metrics, ofStore));
        Server listening = null;
        try {
            listening = Server.listen(config, threads, bounds, idle, metrics::refused);
            this.store = opening.await();
        } catch (StartException | RuntimeException e) {
            if (listening == null) {
                opening.cancel();
            } else {
                listening.close();
            }
            threads.close();
            metrics.close();
            throw e;
        }
        this.server = listening;
        this.names = new CounterNames(
                config.get(ConfigKeys.COUNTER),
                config.get(ConfigKeys.OTHER_COUNTERS),
                config.get(ConfigKeys.VISIT_OTHERS));
        this.live = new LiveCounters(
                store,
                names,
                config.get(ConfigKeys.LIVE_INTERVAL),
                config.heartbeat(),
                bounds.streams(config.get(ConfigKeys.LIVE_STREAMS)),
                new PerClientLimit(address, config.get(ConfigKeys.LIVE_STREAMS_PER_ADDRESS)));
        this.threadStores = threadStores();
        this.requests = new OpenRequests(idle);
        this.router = routes(release, clock, address).router();
        metrics.gauge("live.streams", "clients that watch a counter", live::open);
        metrics.gauge("http.server.open", "requests that have no response yet", requests::open);
        server.serve(requests.counting(new Turns(handler(address, bounds.memory()), threads.count()), metrics::failed));
    }

    /** {@return the app, serving}
     *
     *  @throws StartException if the store can't be opened or the address can't be bound; nothing is left open */
    static App start(AppConfig config, ReleaseInfo release, Clock clock) throws StartException {
        return new App(config, release, clock);
    }

    private HttpHandler scrape(ClientAddress address) {
        return new AddressAllowlist(
                Endpoint.of(exchange -> metrics.response()),
                address,
                config.get(ConfigKeys.METRICS_ALLOW),
                "metrics are for the addresses of metrics.allow; a proxy before this server has to be one of"
                        + " http.trusted-proxies");
    }

    private HttpHandler administrated(ClientAddress address, Endpoint endpoint) {
        return new AddressAllowlist(
                new BearerToken(Endpoint.handler(endpoint), config.adminToken()),
                address,
                config.get(ConfigKeys.ADMIN_ALLOW),
                "administration is for the addresses of admin.allow; a proxy before this server has to be one of"
                        + " http.trusted-proxies");
    }

    private static IoThreads startThreads(int wanted) throws StartException {
        try {
            return IoThreads.start(wanted);
        } catch (IOException e) {
            throw new StartException("http: can't start the I/O threads: " + e.getMessage(), e);
        }
    }

    private static CounterStore open(AppConfig config, Metrics metrics, @Nullable EventLoop thread) {
        CounterOptions.Builder options = config.storeOptions().listener(metrics.storeListener());
        if (thread != null) {
            options.eventLoop(thread);
        }
        return CounterStore.open(config.storeUri(), options.build());
    }

    private ThreadStores threadStores() {
        VisitorCounter counter = store.counter(config.get(ConfigKeys.COUNTER));
        return config.countsInRedis()
                ? new ThreadStores(counter, threads.loops(), thread -> open(config, metrics, thread))
                : ThreadStores.single(counter);
    }

    /** {@return the handlers that every request passes, outermost first} */
    private HttpHandler handler(ClientAddress address, ClientMemory memory) {
        int perSecond = config.get(ConfigKeys.HTTP_RATE_LIMIT);
        HttpHandler limited = perSecond == 0 ? router : new RateLimit(router, address, perSecond, System::nanoTime);
        HttpHandler guarded = new Guard(
                limited,
                config.get(ConfigKeys.HTTP_MAX_HEADER_BYTES),
                config.get(ConfigKeys.HTTP_READ_TIMEOUT),
                memory);
        return config.get(ConfigKeys.LOG_ACCESS) ? new AccessLog(guarded, address) : guarded;
    }

    private Routes routes(ReleaseInfo release, Clock clock, ClientAddress address) {
        VisitorCounter counter = store.counter(config.get(ConfigKeys.COUNTER));
        Greeting greeting = config.get(ConfigKeys.GREETING);
        VisitRule rule = new VisitRule(config.get(ConfigKeys.IGNORE_BOTS));
        UniqueVisitors visitors = visitors(address, clock);
        Counters counters = new Counters(
                store,
                names,
                rule,
                visitors,
                new FirstVisits(config.get(ConfigKeys.NEW_COUNTERS), System::nanoTime),
                new Rate(config.get(ConfigKeys.VISIT_IDS), Duration.ofMinutes(1), 2, System::nanoTime),
                clock);
        Page page = new Page(counter, greeting, release, visitors, clock);
        HttpHandler fastText = config.get(ConfigKeys.HTTP_FAST_PATH)
                ? new VisitBatcher(threadStores, greeting, config.get(ConfigKeys.QUEUE), threads.count())
                : null;
        return new Routes(
                Home.of(counter, greeting, rule, visitors, release.name(), page::of, fastText),
                counters,
                new Badges(counters),
                live,
                new Health(threadStores::counters, requests::draining),
                release,
                metrics,
                scrape(address),
                new Administration(store),
                endpoint -> administrated(address, endpoint),
                new Cors(config.get(ConfigKeys.HTTP_CORS_ORIGINS)));
    }

    private UniqueVisitors visitors(ClientAddress address, Clock clock) {
        boolean on = config.get(ConfigKeys.NOTE_VISITORS);
        return new UniqueVisitors(
                on,
                address,
                clock,
                on ? metrics.visitorNotes(UniqueVisitors.NOTED, UniqueVisitors.FAILED) : outcome -> {});
    }

    int port() {
        return server.port();
    }

    /** Stops. Readiness ends at once, but requests are served until the drain delay is over and every open request has
     *  its response. Then the store finishes what it accepted. */
    @Override
    public void close() {
        server.drain(requests);
        live.close();
        server.stop(requests);
        threadStores.close();
        store.close();
        threads.close();
        metrics.close();
    }
}
