package io.visitorcounter.web;

import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.PerClientLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients may hold, so that all of it together fits into the heap.
 *
 *  @param connections how many may be open
 *  @param places how many of them one address may have
 *  @param memory for the heads of requests */
record ClientBounds(int connections, PerClientLimit places, ClientMemory memory) {

    private static final Logger LOG = LoggerFactory.getLogger(ClientBounds.class);

    // A connection that waits costs 3 KiB, and one with a small request 2 more; the rest is for all else.
    private static final int HEAP_OF_A_CONNECTION = 6 * 1024;

    private static final int HEADS_PART_OF_HEAP = 8;

    /** {@return the bounds of a config, or closer ones where the heap is small}
     *
     *  @param config sets them
     *  @param address says which addresses are trusted proxies
     *  @param heap how large it may become, in bytes */
    static ClientBounds of(AppConfig config, ClientAddress address, long heap) {
        int wanted = config.get(ConfigKeys.HTTP_MAX_CONNECTIONS);
        int share = config.get(ConfigKeys.HTTP_ADDRESS_SHARE);
        int connections = (int) Math.min(wanted, Math.max(1, heap / HEAP_OF_A_CONNECTION));
        if (connections < wanted) {
            LOG.info(
                    "at most {} connections instead of {}: the heap of {} MiB has no room for more",
                    connections,
                    wanted,
                    heap >> 20);
        }
        return new ClientBounds(
                connections,
                new PerClientLimit(address, (int) Math.max(1, (long) connections * share / 100)),
                new ClientMemory(heap / HEADS_PART_OF_HEAP, share, address));
    }
}
