package io.visitorcounter.web.health;

import io.undertow.server.HttpServerExchange;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.core.VisitorCounter;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the process is alive, has started, and should receive visits. It should if each store of this process can
 *  count the home counter; counters that clients name don't matter. Anybody may ask, so a response is one word; the
 *  cause is in the log. */
public final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final Supplier<List<VisitorCounter>> home;
    private final BooleanSupplier draining;
    private final AtomicBoolean up = new AtomicBoolean(true);
    private volatile boolean started;

    /** Checks the home counter in each store, and whether the server is about to stop. */
    public Health(Supplier<List<VisitorCounter>> home, BooleanSupplier draining) {
        this.home = home;
        this.draining = draining;
    }

    /** {@return always 200: a process that can answer is alive} */
    public Response live() {
        return status(200, "up");
    }

    /** {@return 200 once the process has been ready for the first time, 503 before} */
    public CompletionStage<Response> started(HttpServerExchange exchange) {
        return started
                ? CompletableFuture.completedFuture(status(200, "up"))
                : health().thenApply(health -> noted(health) ? status(200, "up") : status(503, "starting"));
    }

    /** {@return 200 if a visit of the home counter would be counted; 503 if not, or while the server is draining} */
    public CompletionStage<Response> ready(HttpServerExchange exchange) {
        if (draining.getAsBoolean()) {
            return CompletableFuture.completedFuture(status(503, "draining"));
        }
        return health().thenApply(health -> noted(health) ? status(200, "up") : status(503, "down"));
    }

    /** {@return the first health that is down, or one that is up} */
    private CompletionStage<StoreHealth> health() {
        CompletionStage<StoreHealth> all = CompletableFuture.completedFuture(new StoreHealth(true, "up"));
        for (VisitorCounter counter : home.get()) {
            all = all.thenCombine(counter.health(), (before, health) -> before.up() ? health : before);
        }
        return all;
    }

    /** Logs the change; the counter that can't be counted logs the reason.
     *
     *  @return whether it is up */
    private boolean noted(StoreHealth health) {
        if (up.getAndSet(health.up()) != health.up()) {
            if (health.up()) {
                LOG.debug("ready again");
            } else {
                LOG.debug("not ready: {}", health.detail());
            }
        }
        started |= health.up();
        return health.up();
    }

    private static Response status(int status, String word) {
        return Response.of(status, Response.JSON, Json.object(json -> json.put("status", word)));
    }
}
