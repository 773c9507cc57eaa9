package io.visitorcounter.core.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices if a value's key expires, for example because another program set it with a time to live: the count would be
 *  lost. Thread-safe. */
final class ExpiryWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

    /** How many keys are warned about; more on one server have the same cause. */
    private static final int MAX_KEYS = 100;

    private final RedisAddress address;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    ExpiryWatch(RedisAddress address) {
        this.address = address;
    }

    /** Checks a key, and warns once if it expires. There is no warning if the user may not ask. */
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
