package io.visitorcounter.core.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A script with its keys and arguments. The arguments and the reply are numbers.
 *
 *  <p>There is one batch every few milliseconds, and the hundreds of requests in between evict its data from the
 *  processor's cache. So its cost is the memory that it touches: this code creates few objects and no copies. */
final class ScriptCall {

    /** Asks for the proof that the previous write on the same connection is as durable as promised. */
    interface WriteCheck {

        /** {@return done when the write is durable} */
        CompletionStage<?> ask(RedisClusterAsyncCommands<String, String> commands);
    }

    private final Script script;
    private final int replySize;
    private final Keys keys;
    private final long[] arguments;

    /** Creates a call whose reply has this many numbers. No argument is negative. */
    ScriptCall(Script script, int replySize, Keys keys, long... arguments) {
        this.script = script;
        this.replySize = replySize;
        this.keys = keys;
        this.arguments = arguments;
    }

    /** Runs the script: by its digest, or with its source if the server does not know it.
     *
     *  @param writeCheck what to ask right after it, on the same connection; null for nothing
     *  @return the numbers; more or fewer than expected if the reply is not this script's */
    CompletionStage<long[]> on(RedisClusterAsyncCommands<String, String> commands, @Nullable WriteCheck writeCheck) {
        return send(commands, CommandType.EVALSHA, script.sha1(), writeCheck)
                .exceptionallyCompose(thrown -> ServerErrors.cause(thrown) instanceof RedisNoScriptException
                        ? send(commands, CommandType.EVAL, script.text(), writeCheck)
                        : CompletableFuture.failedFuture(thrown));
    }

    private CompletionStage<long[]> send(
            RedisClusterAsyncCommands<String, String> commands,
            CommandType type,
            String what,
            @Nullable WriteCheck writeCheck) {
        CommandArgs<String, String> args = new CommandArgs<>(Utf8.CODEC).add(what);
        keys.addTo(args);
        for (long argument : arguments) {
            args.add(argument);
        }
        CompletionStage<long[]> reply = commands.dispatch(type, new Numbers(replySize), args);
        if (writeCheck == null) {
            return reply;
        }
        CompletionStage<?> checked = writeCheck.ask(commands);
        return reply.thenCompose(numbers -> checked.thenApply(done -> numbers));
    }

    /** The keys of one counter that a script uses, encoded once. */
    static final class Keys {

        private final String value;
        private final byte[][] others;

        /** Takes the key of a counter's value and the names of the other keys, such as {@code generation}. */
        Keys(String value, String... others) {
            this.value = value;
            this.others = Arrays.stream(others)
                    .map(other -> key(value, other).getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }

        /** {@return another key of the counter, in the same slot of a cluster as its value} */
        static String key(String value, String what) {
            return "{" + value + "}:" + what;
        }

        // Lettuce finds the node by the first argument that is marked as a key.
        private void addTo(CommandArgs<String, String> args) {
            args.add(1 + others.length).addKey(value);
            for (byte[] other : others) {
                args.add(other);
            }
        }
    }

    private static final class Numbers extends CommandOutput<String, String, long[]> {

        private final long[] numbers;
        private int size;

        Numbers(int expected) {
            super(Utf8.CODEC, new long[0]);
            this.numbers = new long[expected];
        }

        @Override
        public void set(long number) {
            if (size < numbers.length) {
                numbers[size] = number;
            }
            size++;
        }

        @Override
        public void set(@Nullable ByteBuffer text) {
            set(Long.MIN_VALUE);
        }

        @Override
        public void multi(int count) {
            // The array's own length is enough.
        }

        @Override
        public long[] get() {
            return size == numbers.length ? numbers : Arrays.copyOf(numbers, size);
        }
    }
}
