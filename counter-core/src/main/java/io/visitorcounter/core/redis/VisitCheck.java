package io.visitorcounter.core.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What check.lua found: whether a visit would be counted.
 *
 *  @param outcome as {@link VisitReply} has them
 *  @param denied commands that counting needs and the user may not run
 *  @param deniedHousekeeping commands that only delete old hours, and that the user may not run */
record VisitCheck(long outcome, List<String> denied, List<String> deniedHousekeeping) {

    private static final List<String> COUNTING = List.of("incrby", "hincrby", "hset");
    private static final List<String> HOUSEKEEPING = List.of("hdel", "hlen", "hkeys");

    /** Asks the server.
     *
     *  @param key of the counter's value */
    static CompletionStage<VisitCheck> ask(RedisConnection connection, String key) {
        ScriptCall call = new ScriptCall(Script.CHECK, 3, new ScriptCall.Keys(key, "generation", "check", "hours"));
        // In a Cluster, the way by the slots is refused as long as its node has no connection yet.
        return connection
                .commandsOf(key)
                .thenCompose(node -> call.on(node, null))
                .thenApply(VisitCheck::of);
    }

    private static VisitCheck of(long[] reply) {
        if (reply.length != 3) {
            throw new IllegalStateException("the reply belongs to another command");
        }
        return new VisitCheck(reply[0], commands(reply[1], COUNTING), commands(reply[2], HOUSEKEEPING));
    }

    private static List<String> commands(long bits, List<String> names) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if ((bits >> i & 1) == 1) {
                found.add(names.get(i));
            }
        }
        return found;
    }

    boolean counts() {
        return denied.isEmpty() && VisitReply.counts(outcome);
    }

    /** {@return why a visit would not be counted, and what to do} */
    String whyNot(String key) {
        return denied.isEmpty() ? VisitReply.whyNot(outcome, key) : mayNot(denied);
    }

    /** {@return that the user lacks rights, and how to grant them} */
    static String mayNot(List<String> commands) {
        return "the user may not run " + String.join(", ", commands) + "; ACL SETUSER it +"
                + String.join(" +", commands);
    }
}
