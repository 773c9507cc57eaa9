package io.visitorcounter.web;

import io.visitorcounter.web.config.AppConfig;
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
     *  @param limits that the config sets
     *  @param address says which addresses are trusted proxies
     *  @param heap how large it may become, in bytes */
    static ClientBounds of(AppConfig.Limits limits, ClientAddress address, long heap) {
        int connections = (int) Math.min(limits.connections(), Math.max(1, heap / HEAP_OF_A_CONNECTION));
        if (connections < limits.connections()) {
            LOG.info(
                    "at most {} connections instead of {}: the heap of {} MiB has no room for more",
                    connections,
                    limits.connections(),
                    heap >> 20);
        }
        return new ClientBounds(
                connections,
                new PerClientLimit(address, (int) Math.max(1, (long) connections * limits.addressShare() / 100)),
                new ClientMemory(heap / HEADS_PART_OF_HEAP, limits.addressShare(), address));
    }
}
