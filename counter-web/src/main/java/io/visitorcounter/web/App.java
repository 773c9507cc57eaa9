package io.visitorcounter.web;

import io.undertow.server.HttpHandler;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreException;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.health.Health;
import io.visitorcounter.web.health.ReleaseInfo;
import io.visitorcounter.web.http.AccessLog;
import io.visitorcounter.web.http.AddressAllowlist;
import io.visitorcounter.web.http.AddressRange;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.Cors;
import io.visitorcounter.web.http.CounterNames;
import io.visitorcounter.web.http.Endpoint;
import io.visitorcounter.web.http.Guard;
import io.visitorcounter.web.http.OpenRequests;
import io.visitorcounter.web.http.PerClientLimit;
import io.visitorcounter.web.http.Rate;
import io.visitorcounter.web.http.RateLimit;
import io.visitorcounter.web.http.Router;
import io.visitorcounter.web.live.LiveCounters;
import io.visitorcounter.web.metrics.Metrics;
import io.visitorcounter.web.page.Badges;
import io.visitorcounter.web.page.Page;
import io.visitorcounter.web.visit.Counters;
import io.visitorcounter.web.visit.FirstVisits;
import io.visitorcounter.web.visit.Home;
import io.visitorcounter.web.visit.VisitBatcher;
import io.visitorcounter.web.visit.VisitRule;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The running app: an open store and a listening server. */
final class App implements AutoCloseable {

    private static final Duration MEMORY_PERIOD = Duration.ofMinutes(1);

    private final AppConfig config;
    private final Metrics metrics = new Metrics();
    private final IoThreads threads;
    private final CounterStore store;
    private final CounterNames names;
    private final LiveCounters live;
    private final OpenRequests requests;
    private final Router router;
    private final Server server;
    private final NativeMemory memory;

    private App(AppConfig config, ReleaseInfo release, Clock clock) throws StartException {
        this.config = config;
        ClientAddress address =
                new ClientAddress(ranges("http.trusted-proxies", config.http().trustedProxies()));
        List<AddressRange> scrapers = ranges("metrics.allow", config.metricsAllowed());
        this.threads = IoThreads.start();
        this.store = open(config.store(), metrics, threads);
        this.names = new CounterNames(config.counter(), config.otherCounters(), config.visitOthers());
        this.live = new LiveCounters(
                store,
                names,
                config.live().interval(),
                config.live().heartbeat(),
                config.live().streams(),
                new PerClientLimit(address, config.live().streamsPerAddress()));
        this.requests = new OpenRequests();
        this.router = routes(release, clock, scrape(address, scrapers)).router();
        metrics.gauge("live.streams", "clients that watch a counter", live::open);
        metrics.gauge("http.server.open", "requests that have no response yet", requests::open);
        try {
            ClientBounds bounds = ClientBounds.of(
                    config.http().limits(), address, Runtime.getRuntime().maxMemory());
            this.server = Server.start(
                    config.http(),
                    threads,
                    bounds,
                    metrics::refused,
                    requests.counting(handler(address, bounds.memory()), metrics::failed));
        } catch (StartException | RuntimeException e) {
            live.close();
            store.close();
            threads.close();
            metrics.close();
            throw e;
        }
        this.memory = NativeMemory.giveBackEvery(MEMORY_PERIOD);
    }

    /** {@return the app, serving}
     *
     *  @throws StartException if the store or the address can't be had; then nothing is left open */
    static App start(AppConfig config, ReleaseInfo release, Clock clock) throws StartException {
        return new App(config, release, clock);
    }

    private static List<AddressRange> ranges(String key, String ranges) throws StartException {
        try {
            return AddressRange.listOf(ranges);
        } catch (IllegalArgumentException e) {
            throw StartException.config(key + ": " + e.getMessage(), e);
        }
    }

    private HttpHandler scrape(ClientAddress address, List<AddressRange> scrapers) {
        return new AddressAllowlist(
                Endpoint.of(exchange -> metrics.response()),
                address,
                scrapers,
                "metrics are for the addresses of metrics.allow; a proxy before this server has to be one of"
                        + " http.trusted-proxies");
    }

    private static CounterStore open(AppConfig.Store config, Metrics metrics, IoThreads threads) throws StartException {
        CounterOptions.Builder options = config.options().listener(metrics);
        threads.single().ifPresent(options::eventLoop);
        try {
            return CounterStore.open(config.address().uri(), options.build());
        } catch (IllegalArgumentException e) {
            threads.close();
            throw StartException.config(String.valueOf(e.getMessage()), e);
        } catch (StoreException e) {
            threads.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** {@return what every request passes, from the outermost} */
    private HttpHandler handler(ClientAddress address, ClientMemory memory) {
        int perSecond = config.http().limits().requestsPerSecond();
        HttpHandler limited = perSecond == 0 ? router : new RateLimit(router, address, perSecond, System::nanoTime);
        HttpHandler guarded = new Guard(limited, config.http().limits().headerBytes(), memory);
        return config.log().access() ? new AccessLog(guarded, address) : guarded;
    }

    private Routes routes(ReleaseInfo release, Clock clock, HttpHandler scrape) {
        VisitorCounter counter = store.counter(config.counter());
        VisitRule rule =
                new VisitRule(VisitRule.IgnoredBots.valueOf(config.ignoreBots().toUpperCase(Locale.ROOT)));
        Counters counters = new Counters(
                store,
                names,
                rule,
                new FirstVisits(config.newCounters(), System::nanoTime),
                new Rate(config.visitIds(), Duration.ofMinutes(1), 2, System::nanoTime),
                clock);
        return new Routes(
                new Home(
                        counter,
                        config.greeting(),
                        rule,
                        release.name(),
                        new VisitBatcher(
                                counter, config.greeting(), config.store().queue(), threads.count()),
                        new Page(counter, config.greeting(), release, clock)::of),
                counters,
                new Badges(counters),
                live,
                new Health(store, requests::draining),
                release,
                metrics,
                scrape,
                new Cors(config.http().corsOrigins()));
    }

    int port() {
        return server.port();
    }

    Router router() {
        return router;
    }

    /** Stops: not ready at once, but serving until the drain delay is over and every open request has its response; then
     *  lets the store finish what it took. */
    @Override
    public void close() {
        memory.close();
        server.drain(requests);
        live.close();
        server.stop(requests);
        store.close();
        threads.close();
        metrics.close();
    }
}
