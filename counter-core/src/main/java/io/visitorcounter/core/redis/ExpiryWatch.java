package io.visitorcounter.core.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices a value's key that expires, as one does that another program set with a time to live: its count would be lost.
 *  Thread-safe. */
final class ExpiryWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

    /** For so many keys it is said; a server with more has one reason for all. */
    private static final int MAX_KEYS = 100;

    private final RedisAddress address;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    ExpiryWatch(RedisAddress address) {
        this.address = address;
    }

    /** Looks at a key, and warns once if it expires. A user who may not ask is not warned. */
    @SuppressWarnings("FutureReturnValueIgnored") // the dependent is all that there is to do
    void look(RedisConnection connection, String key) {
        if (said.size() >= MAX_KEYS || said.contains(key)) {
            return;
        }
        connection.commands().pttl(key).thenAccept(millis -> {
            if (millis >= 0 && said.add(key)) {
                LOG.warn(
                        "{}: key \"{}\" expires in {} s, and its count with it; PERSIST it",
                        address,
                        key,
                        millis / 1000);
            }
        });
    }
}
