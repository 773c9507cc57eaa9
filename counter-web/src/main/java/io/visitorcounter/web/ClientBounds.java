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

/** What clients may hold, so that all of it together fits into the heap, and what lies outside of the heap into the memory of
 *  the machine or container. Decision 23 has the figures.
 *
 *  @param connections how many may be open
 *  @param places how many of them one address may have
 *  @param memory for the heads of requests, and for responses that are not read
 *  @param slowReaders how many clients may leave responses unread */
record ClientBounds(int connections, PerClientLimit places, ClientMemory memory, SlowReaders slowReaders) {

    private static final Logger LOG = LoggerFactory.getLogger(ClientBounds.class);

    /** What a socket's buffers are asked to hold, in bytes: the longest head, and about what a system sends at once to a
     *  client that it does not know yet. Linux takes twice that. */
    static final int SOCKET_BUFFER = 16 * 1024;

    private static final int KIB = 1024;
    private static final long MIB = 1024L * KIB;

    // The heap: a third is for garbage, and the app itself keeps this much.
    private static final int HEAP_FOR_GARBAGE = 3;
    private static final long HEAP_OF_THE_APP = 10 * MIB;
    // Of the rest, in tenths: heads that are not complete and long responses, which are charged; clients that do not
    // read; and connections that wait or watch. One that counts keeps 2 KiB more for as long as the store takes, of
    // what is for garbage.
    private static final int HEADS_TENTHS = 2;
    private static final int SLOW_READERS_TENTHS = 1;
    private static final int CONNECTIONS_TENTHS = 7;
    private static final int HEAP_OF_A_CONNECTION = 3584;
    private static final int HEAP_OF_A_SLOW_READER = 6 * KIB;

    // Outside of the heap: the JVM's classes, code and threads; two buffers for a connection that pipelines, and its
    // socket; both socket buffers, full, of a client that does not read.
    private static final long NATIVE_OF_THE_APP = 60 * MIB;
    private static final int NATIVE_OF_A_CONNECTION = 8 * KIB;
    private static final int NATIVE_OF_A_SLOW_READER = 4 * SOCKET_BUFFER;

    /** How much there is.
     *
     *  @param heap how large it may become, in bytes
     *  @param all of the machine or container, in bytes */
    record ProcessMemory(long heap, long all) {

        /** {@return what this process has} */
        static ProcessMemory ofThisProcess() {
            return new ProcessMemory(
                    Runtime.getRuntime().maxMemory(),
                    ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                            .getTotalMemorySize());
        }

        /** {@return what is for clients in the heap; where nothing is left, a little all the same} */
        long heapForClients() {
            return Math.max(heap - heap / HEAP_FOR_GARBAGE - HEAP_OF_THE_APP, heap / 8);
        }

        /** {@return what is for clients outside of the heap} */
        long nativeForClients() {
            return Math.max(all - heap - NATIVE_OF_THE_APP, 4 * MIB);
        }

        /** {@return for heads and responses, in bytes} */
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

    /** {@return the bounds of a config, or closer ones where there is little memory} */
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

    /** {@return how many connections may be live streams, which nothing else can close: some are left for who visits} */
    int streams(int wanted) {
        return Math.min(wanted, Math.max(1, connections / 4 * 3));
    }

    private static PerClientLimit limit(ClientAddress address, int all, int share) {
        return new PerClientLimit(address, (int) Math.max(1, (long) all * share / 100));
    }
}
