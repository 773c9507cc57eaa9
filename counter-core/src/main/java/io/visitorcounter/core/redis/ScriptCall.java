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
 *  <p>A batch comes once in milliseconds, between hundreds of requests that have meanwhile used the processor's cache up.
 *  So what is done for it costs what it touches: there are few objects here, and no copies. */
final class ScriptCall {

    /** Asks for the proof that the write before it, on the same connection, is as durable as promised. */
    interface WriteCheck {

        /** {@return done when it is} */
        CompletionStage<?> ask(RedisClusterAsyncCommands<String, String> commands);
    }

    private final Script script;
    private final int replySize;
    private final Keys keys;
    private final long[] arguments;

    /** Makes a call that is replied to with so many numbers. No argument is below 0. */
    ScriptCall(Script script, int replySize, Keys keys, long... arguments) {
        this.script = script;
        this.replySize = replySize;
        this.keys = keys;
        this.arguments = arguments;
    }

    /** Runs the script: by its digest, or whole where the server has forgotten it.
     *
     *  @param writeCheck what to ask right behind it, on the same connection; null for nothing
     *  @return the numbers; more or fewer than expected if they are not this script's */
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

        /** Names the key of a counter's value, and what the other keys hold, as in {@code generation}. */
        Keys(String value, String... others) {
            this.value = value;
            this.others = Arrays.stream(others)
                    .map(other -> key(value, other).getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }

        /** {@return a key beside the counter's value, in the same slot of a cluster} */
        static String key(String value, String what) {
            return "{" + value + "}:" + what;
        }

        // Lettuce finds the node by the first one that it knows as a key.
        private void addTo(CommandArgs<String, String> args) {
            args.add(1 + others.length).addKey(value);
            for (byte[] other : others) {
                args.add(other);
            }
        }
    }

    /** The numbers of a reply. */
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
            // The numbers themselves say how many they are.
        }

        @Override
        public long[] get() {
            return size == numbers.length ? numbers : Arrays.copyOf(numbers, size);
        }
    }
}
