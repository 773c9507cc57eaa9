package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.IntegerListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** How to find out, after a write, whether it is as durable as promised. */
sealed interface DurabilityCheck {

    /** Nothing to ask: the reply to the write is the proof. */
    record Answered() implements DurabilityCheck {}

    /** Asks with WAIT whether replicas have it.
     *
     *  @param replicas at least 1 */
    record OnReplicas(int replicas) implements DurabilityCheck {}

    /** Asks with WAITAOF whether the primary's disk has it (Redis 7.2, Valkey). */
    record OnDisk() implements DurabilityCheck {}

    /** The write was made, but the proof of its durability is missing. */
    final class MissingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        final String why;

        /** Whether asking again can help. */
        final boolean again;

        MissingException(String why, boolean again, @Nullable Throwable cause) {
            super("written, but " + why, cause);
            this.why = why;
            this.again = again;
        }
    }

    /** Asks about the last write on this connection.
     *
     *  @param millis how long the server may wait
     *  @return done when it holds; or failed with a {@link MissingException} */
    default CompletionStage<?> ask(RedisClusterAsyncCommands<String, String> commands, long millis) {
        return asked(commands, millis).exceptionallyCompose(thrown -> {
            Throwable cause = ServerErrors.cause(thrown);
            // An error here says nothing about the earlier write, which was made.
            return CompletableFuture.failedFuture(
                    cause instanceof RedisCommandExecutionException ? unknown(cause) : cause);
        });
    }

    private static MissingException unknown(Throwable error) {
        boolean denied = ServerErrors.isDenied(error);
        return new MissingException(
                "its durability is not known: " + ServerErrors.oneLine(error)
                        + (denied ? "; ACL SETUSER the user +wait, or +waitaof for fsync" : ""),
                !denied,
                error);
    }

    private CompletionStage<Void> asked(RedisClusterAsyncCommands<String, String> commands, long millis) {
        if (this instanceof OnReplicas wanted) {
            return commands.waitForReplication(wanted.replicas(), millis).thenAccept(have -> {
                if (have < wanted.replicas()) {
                    throw new MissingException(
                            "expected on " + wanted.replicas() + " replicas, got " + have, true, null);
                }
            });
        }
        CommandArgs<String, String> args =
                new CommandArgs<>(Utf8.CODEC).add(1).add(0).add(millis);
        // Lettuce has no method for it.
        ProtocolKeyword waitAof = () -> "WAITAOF".getBytes(StandardCharsets.US_ASCII);
        return commands.dispatch(waitAof, new IntegerListOutput<>(Utf8.CODEC), args)
                .thenAccept(DurabilityCheck::checkDisk);
    }

    private static void checkDisk(List<Long> localAndReplicas) {
        if (localAndReplicas.isEmpty() || localAndReplicas.get(0) < 1) {
            throw new MissingException("not synced to the server's disk in time", true, null);
        }
    }
}
