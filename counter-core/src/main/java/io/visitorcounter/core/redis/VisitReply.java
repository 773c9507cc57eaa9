package io.visitorcounter.core.redis;

import io.visitorcounter.core.spi.Outcome;

/** What visit.lua and check.lua reply. */
final class VisitReply {

    /** How many numbers visit.lua returns: outcome, cumulative count, total, generation, expected, found. */
    static final int SIZE = 6;

    // The outcomes, named as in visit.lua.
    private static final int COUNTED = 0;
    private static final int DUPLICATE = 1;
    private static final int FORGOTTEN = 2;
    private static final int STALE = 3;
    private static final int NO_COUNT = 4;
    private static final int NO_STATE = 5;
    private static final int NO_ROOM = 6;
    private static final int NO_HOUR = 7;

    private VisitReply() {}

    static Outcome outcome(long[] reply, RedisAddress where, String key) {
        int outcome = (int) reply[0];
        return switch (outcome) {
            case COUNTED, DUPLICATE ->
                new Outcome.Written(
                        reply[2],
                        reply[3],
                        outcome == DUPLICATE,
                        reply[5] < 0 ? null : new Outcome.Regression(reply[4], reply[5]));
            case FORGOTTEN -> new Outcome.Forgotten();
            case STALE -> new Outcome.MaybeWritten(where + ": a later batch was found", null, false);
            default -> new Outcome.NotWritten(where + ": " + whyNot(outcome, key), null, false);
        };
    }

    /** {@return whether this outcome of check.lua means that a visit would be counted} */
    static boolean counts(long outcome) {
        return outcome == COUNTED;
    }

    /** {@return why the reply of value.lua has no value, and what to do} */
    static String whyNoValue(long[] reply, String key) {
        return whyNot(reply.length == 2 && reply[0] == -2 ? NO_STATE : NO_COUNT, key);
    }

    /** {@return why an hour has no visits to read or to add to, and what to do} */
    static String noHour(String key) {
        return "key \"" + ScriptCall.Keys.key(key, "hours")
                + "\": expected hours and their visits as integers, got something"
                + " else; delete it, or its fields that are none";
    }

    /** {@return why nothing can be counted, and what to do, for any outcome but the first four} */
    static String whyNot(long outcome, String key) {
        return switch ((int) outcome) {
            case NO_COUNT ->
                "key \"" + key + "\": expected an integer of 0..999999999999999, got something else; SET it to one or"
                        + " delete it";
            case NO_STATE ->
                "key \"" + ScriptCall.Keys.key(key, "generation") + "\" or a record beside it: expected what this"
                        + " library writes, got something else; delete it";
            case NO_ROOM -> "key \"" + key + "\": expected an integer that can grow, got 999999999999999 or nearly so";
            case NO_HOUR -> noHour(key);
            default -> "an unknown outcome " + outcome;
        };
    }
}
