package io.visitorcounter.web;

import io.visitorcounter.web.config.AppConfig;
import io.visitorcounter.web.config.ConfigKeys;
import io.visitorcounter.web.connection.SlowReaders;
import io.visitorcounter.web.http.ClientAddress;
import io.visitorcounter.web.http.ClientMemory;
import io.visitorcounter.web.http.PerClientLimit;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits what clients may hold, so that the heap suffices, and the memory of the machine or container for what is
 *  outside the heap. Decision 23 has the figures.
 *
 *  @param connections how many connections may be open
 *  @param places how many of them one address may have
 *  @param memory for request heads and unread responses
 *  @param slowReaders how many clients may leave responses unread */
record ClientBounds(int connections, PerClientLimit places, ClientMemory memory, SlowReaders slowReaders) {

    private static final Logger LOG = LoggerFactory.getLogger(ClientBounds.class);

    /** The requested size of a socket's buffers, in bytes: enough for the longest head, and about a TCP connection's
     *  initial window. Linux allocates twice that. */
    static final int SOCKET_BUFFER = 16 * 1024;

    private static final int KIB = 1024;
    private static final long MIB = 1024L * KIB;

    // The heap: a third is for garbage, and this much is for the app itself.
    private static final int HEAP_FOR_GARBAGE = 3;
    private static final long HEAP_OF_THE_APP = 10 * MIB;
    // The rest, in tenths, is for incomplete heads and long responses, which are charged; for clients that don't read;
    // and for idle connections and live streams. A connection with a visit in progress uses 2 KiB more, from the part
    // for garbage.
    private static final int HEADS_TENTHS = 2;
    private static final int SLOW_READERS_TENTHS = 1;
    private static final int CONNECTIONS_TENTHS = 7;
    private static final int HEAP_OF_A_CONNECTION = 3584;
    private static final int HEAP_OF_A_SLOW_READER = 6 * KIB;

    // Outside the heap: the JVM's classes, code and threads; the socket and two buffers of a connection that pipelines;
    // both full socket buffers of a client that does not read.
    private static final long NATIVE_OF_THE_APP = 60 * MIB;
    private static final int NATIVE_OF_A_CONNECTION = 8 * KIB;
    private static final int NATIVE_OF_A_SLOW_READER = 4 * SOCKET_BUFFER;

    /** The memory of this process.
     *
     *  @param heap its maximum size, in bytes
     *  @param all of the machine or container, in bytes */
    record ProcessMemory(long heap, long all) {

        static ProcessMemory ofThisProcess() {
            return new ProcessMemory(
                    Runtime.getRuntime().maxMemory(),
                    ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                            .getTotalMemorySize());
        }

        /** {@return the part of the heap for clients; at least an eighth} */
        long heapForClients() {
            return Math.max(heap - heap / HEAP_FOR_GARBAGE - HEAP_OF_THE_APP, heap / 8);
        }

        long nativeForClients() {
            return Math.max(all - heap - NATIVE_OF_THE_APP, 4 * MIB);
        }

        /** {@return the part for heads and responses, in bytes} */
        long forHeads() {
            return heapForClients() * HEADS_TENTHS / 10;
        }

        /** {@return how many connections there is room for} */
        long connections() {
            return Math.min(
                    heapForClients() * CONNECTIONS_TENTHS / 10 / HEAP_OF_A_CONNECTION,
                    nativeForClients() / 2 / NATIVE_OF_A_CONNECTION);
        }

        /** {@return how many slow readers there is room for} */
        long slowReaders() {
            return Math.min(
                    heapForClients() * SLOW_READERS_TENTHS / 10 / HEAP_OF_A_SLOW_READER,
                    nativeForClients() / 2 / NATIVE_OF_A_SLOW_READER);
        }
    }

    /** {@return the bounds of a config, or lower ones if there is little memory} */
    static ClientBounds of(AppConfig config, ClientAddress address, ProcessMemory memory) {
        int wanted = config.get(ConfigKeys.HTTP_MAX_CONNECTIONS);
        int share = config.get(ConfigKeys.HTTP_ADDRESS_SHARE);
        int connections = (int) Math.min(wanted, Math.max(1, memory.connections()));
        if (connections < wanted) {
            LOG.info(
                    "at most {} connections instead of {}: a heap of {} MiB of {} MiB has no room for more",
                    connections,
                    wanted,
                    memory.heap() / MIB,
                    memory.all() / MIB);
        }
        int slow = (int) Math.min(connections, Math.max(1, memory.slowReaders()));
        return new ClientBounds(
                connections,
                limit(address, connections, share),
                new ClientMemory(memory.forHeads(), share, address),
                new SlowReaders(slow, limit(address, slow, share)));
    }

    /** {@return how many connections may be live streams; they are never closed to make room, so some are left for
     *  visitors} */
    int streams(int wanted) {
        return Math.min(wanted, Math.max(1, connections / 4 * 3));
    }

    private static PerClientLimit limit(ClientAddress address, int all, int share) {
        return new PerClientLimit(address, (int) Math.max(1, (long) all * share / 100));
    }
}
