package io.visitorcounter.core.redis;

import io.visitorcounter.core.HourlyVisits;
import io.visitorcounter.core.spi.Change;
import java.util.List;
import java.util.Objects;

/** How change.lua is called. */
final class ChangeCall {

    private static final int BEFORE_HOURS = 5;

    private ChangeCall() {}

    /** {@return the call; the change is remembered for this long, and the reply is like that of visit.lua} */
    static ScriptCall of(Change change, String key, long keptMillis) {
        boolean replaces = change.history() != null;
        List<HourlyVisits> hours = Objects.requireNonNullElse(change.history(), List.of());
        long[] arguments = new long[BEFORE_HOURS + 2 * hours.size()];
        arguments[0] = change.value();
        arguments[1] = change.known().generation();
        arguments[2] = keptMillis;
        arguments[3] = HourlyVisits.KEPT.toHours();
        arguments[4] = replaces ? 1 : 0;
        for (int i = 0; i < hours.size(); i++) {
            HourlyVisits hour = hours.get(i);
            arguments[BEFORE_HOURS + 2 * i] = hour.hour().getEpochSecond() / 3600;
            arguments[BEFORE_HOURS + 2 * i + 1] = hour.visits();
        }
        return new ScriptCall(
                Script.CHANGE,
                VisitReply.SIZE,
                new ScriptCall.Keys(key, "generation", change.record(), "hours"),
                arguments);
    }
}
