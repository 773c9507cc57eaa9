package io.visitorcounter.core.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.visitorcounter.core.CounterName;
import io.visitorcounter.core.StoreException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the counters: each visited counter has a hash with its generation. */
final class CounterList {

    private static final int PAGE = 1000;

    private final RedisConnection connection;
    private final RedisAddress address;
    private final String keyPrefix;
    private final ScanArgs pages;
    private final Set<CounterName> found = ConcurrentHashMap.newKeySet();

    CounterList(RedisConnection connection, RedisAddress address, String keyPrefix) {
        this.connection = connection;
        this.address = address;
        this.keyPrefix = keyPrefix;
        this.pages = ScanArgs.Builder.matches(ScriptCall.Keys.key(keyPrefix + "*", "generation"))
                .limit(PAGE);
    }

    /** {@return the names of those whose value is above 0, once every node was asked} */
    CompletionStage<Set<CounterName>> names() {
        CompletableFuture<?>[] nodes = connection.primaries().stream()
                .map(node -> node.thenCompose(commands -> scan(commands, ScanCursor.INITIAL))
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(nodes).thenApply(all -> found);
    }

    private CompletionStage<?> scan(RedisClusterAsyncCommands<String, String> node, ScanCursor from) {
        return node.scan(from, pages)
                .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(
                        ServerErrors.isDenied(thrown)
                                ? new StoreException(
                                        address + ": the user may not list keys; ACL SETUSER it +scan", thrown)
                                : thrown))
                .thenCompose(page -> addCounted(page)
                        .thenCompose(added -> page.isFinished()
                                ? CompletableFuture.completedFuture(null)
                                : scan(node, page).thenApply(done -> null)));
    }

    /** Reads the values of a page's counters, since a deleted counter still has a generation. */
    private CompletableFuture<Void> addCounted(KeyScanCursor<String> page) {
        return CompletableFuture.allOf(page.getKeys().stream()
                .flatMap(key -> name(key).stream())
                .map(this::look)
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<?> look(CounterName name) {
        return connection
                .commands()
                .get(keyPrefix + name)
                .thenAccept(text -> {
                    if (text != null && !text.equals("0")) {
                        found.add(name);
                    }
                })
                .toCompletableFuture();
    }

    private Optional<CounterName> name(String key) {
        String text = key.substring(1 + keyPrefix.length(), key.lastIndexOf('}'));
        // Another application's prefix may begin with this one.
        return CounterName.isValid(text) ? Optional.of(CounterName.of(text)) : Optional.empty();
    }
}
