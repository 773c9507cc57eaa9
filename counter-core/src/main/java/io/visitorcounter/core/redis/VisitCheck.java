package io.visitorcounter.core.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Whether a visit would be counted, and if not, which right is missing. The server is asked, because the refusals of
 *  different versions differ.
 *
 *  @param outcome as in {@link VisitReply}
 *  @param denied commands that counting needs and the user may not run
 *  @param deniedHousekeeping commands that only delete old hours and that the user may not run
 *  @param deniedKeys whether the user may run all needed commands, but not on these keys */
record VisitCheck(long outcome, List<String> denied, List<String> deniedHousekeeping, boolean deniedKeys) {

    /** The commands that visit.lua calls, in the order in which check.lua checks them. */
    private static final List<String> COUNTING = List.of("get", "set", "incrby", "hmget", "hincrby", "hset", "time");

    private static final List<String> HOUSEKEEPING = List.of("hdel", "hlen", "hkeys");

    /** Does not name the counter: the log line does, and counters without the right share one line. */
    static final String NO_KEYS =
            "the user may not use the keys of this counter; ACL SETUSER it ~KEY ~{KEY}:*, with the key of"
                    + " the counter's value as KEY";

    /** A digest that no script has. */
    private static final String NO_SCRIPT = "0".repeat(40);

    /** Asks the server.
     *
     *  @param key of the counter's value
     *  @return the result; or failed as a visit would fail */
    static CompletionStage<VisitCheck> ask(RedisConnection connection, String key) {
        ScriptCall call = new ScriptCall(Script.CHECK, 3, new ScriptCall.Keys(key, "generation", "check", "hours"));
        // In a Cluster, commands routed by slot are refused until there is a connection to the node.
        return connection
                .commandsOf(key)
                .thenCompose(node -> call.on(node, null)
                        .thenApply(VisitCheck::of)
                        .exceptionallyCompose(thrown -> refused(thrown, node)));
    }

    private static VisitCheck of(long[] reply) {
        if (reply.length != 3) {
            throw new IllegalStateException("the reply belongs to another command");
        }
        return new VisitCheck(reply[0], commands(reply[1], COUNTING), commands(reply[2], HOUSEKEEPING), false);
    }

    private static List<String> commands(long bits, List<String> names) {
        return IntStream.range(0, names.size())
                .filter(i -> (bits >> i & 1) == 1)
                .mapToObj(names::get)
                .toList();
    }

    /** Finds out why the script did not run, or stopped at its first write. */
    private static CompletionStage<VisitCheck> refused(
            Throwable thrown, RedisClusterAsyncCommands<String, String> node) {
        if (ServerErrors.isDenied(thrown)) {
            return isDenied(node, CommandType.EVALSHA, NO_SCRIPT)
                    .thenCombine(isDenied(node, CommandType.EVAL, "return 1"), VisitCheck::withoutScripts);
        }
        // Before 7.0 this is all that the server says about a missing right to write.
        return ServerErrors.isNotCounted(thrown) && !ServerErrors.passes(thrown)
                ? CompletableFuture.completedFuture(new VisitCheck(0, List.of("set"), List.of(), false))
                : CompletableFuture.failedFuture(thrown);
    }

    private static VisitCheck withoutScripts(boolean evalsha, boolean eval) {
        List<String> denied = new ArrayList<>();
        if (eval) {
            denied.add("eval");
        }
        if (evalsha) {
            denied.add("evalsha");
        }
        return new VisitCheck(0, denied, List.of(), denied.isEmpty());
    }

    /** Runs a script without keys, so that only the right to the command can be missing. */
    private static CompletionStage<Boolean> isDenied(
            RedisClusterAsyncCommands<String, String> node, CommandType type, String script) {
        return node.dispatch(
                        type,
                        new StatusOutput<>(Utf8.CODEC),
                        new CommandArgs<>(Utf8.CODEC).add(script).add(0))
                .handle((done, thrown) -> {
                    if (thrown == null || ServerErrors.cause(thrown) instanceof RedisNoScriptException) {
                        return false;
                    }
                    return ServerErrors.isDenied(thrown);
                });
    }

    boolean counts() {
        return denied.isEmpty() && !deniedKeys && VisitReply.counts(outcome);
    }

    /** {@return why a visit would not be counted, and what to do} */
    String whyNot(String key) {
        String right = missingRight(false);
        return right.isEmpty() ? VisitReply.whyNot(outcome, key) : right;
    }

    /** {@return which right the user lacks, and how to grant it; empty if none}
     *
     *  @param all whether to include the rights for deleting old hours */
    String missingRight(boolean all) {
        if (deniedKeys) {
            return NO_KEYS;
        }
        List<String> commands = new ArrayList<>(denied);
        if (all) {
            commands.addAll(deniedHousekeeping);
        }
        return commands.isEmpty() ? "" : mayNot(commands);
    }

    /** {@return the message that the user lacks these rights, and how to grant them} */
    static String mayNot(List<String> commands) {
        return "the user may not run " + String.join(", ", commands) + "; ACL SETUSER it +"
                + String.join(" +", commands);
    }
}
