package io.visitorcounter.web.health;

import io.visitorcounter.core.CounterStore;
import io.visitorcounter.core.StoreHealth;
import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.json.Json;
import java.util.function.BooleanSupplier;

/** Whether the process lives, and whether it should be sent visits. */
public final class Health {

    private final CounterStore store;
    private final BooleanSupplier draining;

    /** Looks at a store and a server.
     *
     *  @param store asked at every call; it does not block
     *  @param draining whether the server is about to stop */
    public Health(CounterStore store, BooleanSupplier draining) {
        this.store = store;
        this.draining = draining;
    }

    /** {@return 200 always: a process that can answer lives} */
    public Response live() {
        return Response.ok(Response.JSON, Json.object(json -> json.put("status", "up")));
    }

    /** {@return 200 where visits can be counted, 503 where the store is down or the server drains} */
    public Response ready() {
        if (draining.getAsBoolean()) {
            return status(503, "draining", "the server is about to stop");
        }
        StoreHealth health = store.health();
        return status(health.up() ? 200 : 503, health.up() ? "up" : "down", health.detail());
    }

    private static Response status(int status, String word, String store) {
        return Response.of(
                status,
                Response.JSON,
                Json.object(json -> json.put("status", word).put("store", store)));
    }
}
