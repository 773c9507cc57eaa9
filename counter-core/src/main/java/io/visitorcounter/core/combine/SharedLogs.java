package io.visitorcounter.core.combine;

import java.util.HashMap;
import java.util.Map;

/** The failure logs of this process. Stores that count in the same place share one, so that an outage of that place is
 *  logged only once. Thread-safe. */
final class SharedLogs {

    private static final Map<String, Shared> BY_PLACE = new HashMap<>(); // guarded by itself

    private SharedLogs() {}

    private static final class Shared {
        private final FailureLog log = new FailureLog(System::nanoTime);
        private int stores;
    }

    /** {@return the log of a place, for one more store that counts there} */
    static FailureLog take(String place) {
        synchronized (BY_PLACE) {
            Shared shared = BY_PLACE.computeIfAbsent(place, unknown -> new Shared());
            shared.stores++;
            return shared.log;
        }
    }

    /** Notes that a store that took the log of a place is closed. The log is dropped with the last one. */
    static void giveBack(String place) {
        synchronized (BY_PLACE) {
            Shared shared = BY_PLACE.get(place);
            if (shared != null && --shared.stores == 0) {
                BY_PLACE.remove(place);
            }
        }
    }
}
