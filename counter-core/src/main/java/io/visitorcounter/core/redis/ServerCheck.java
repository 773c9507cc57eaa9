package io.visitorcounter.core.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.visitorcounter.core.CounterOptions;
import io.visitorcounter.core.Durability;
import io.visitorcounter.core.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks once, when a store is opened, whether the server's settings give the requested durability. */
final class ServerCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);
    private static final long SECONDS = 5;

    /** How many slots the nodes of a Cluster share. */
    private static final long SLOTS = 16_384;

    private final RedisAddress address;
    private final Durability durability;
    private final String keyPrefix;

    ServerCheck(RedisAddress address, CounterOptions options) {
        this.address = address;
        this.durability = options.durability();
        this.keyPrefix = options.keyPrefix();
    }

    /** {@return what to ask after each write}
     *
     *  @throws StoreException if a server can't give the durability; the message names every setting to change */
    DurabilityCheck check(RedisConnection connection) throws Exception {
        DurabilityCheck check = new DurabilityCheck.Answered();
        for (CompletionStage<? extends RedisClusterAsyncCommands<String, String>> primary : connection.primaries()) {
            check = check(primary.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS));
        }
        checkRights(connection);
        return check;
    }

    private DurabilityCheck check(RedisClusterAsyncCommands<String, String> commands) throws Exception {
        Map<String, String> info;
        try {
            info = lines(commands.info().get(SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return unknown("INFO", e);
        }
        // Valkey uses another name.
        String mode = info.getOrDefault("redis_mode", info.getOrDefault("server_mode", "standalone"));
        checkKind(mode, commands);
        List<String> faults = new ArrayList<>();
        checkVersion(info, faults);
        if ("slave".equals(info.get("role"))) {
            faults.add("role: expected the primary, got a replica; name the primary or its Sentinels");
        }
        long limit = number(info.get("maxmemory"));
        String policy = info.getOrDefault("maxmemory_policy", "noeviction");
        if (limit > 0 && policy.startsWith("volatile-")) {
            LOG.warn(
                    "{}: maxmemory-policy is {}: no count is evicted, but a record may be by which a visit that is"
                            + " sent again is recognised; noeviction (CONFIG SET, or the parameter group of a managed"
                            + " Redis) is safe",
                    address,
                    policy);
        } else if (limit > 0 && !policy.equals("noeviction")) {
            faults.add("maxmemory-policy: expected noeviction, got " + policy + "; CONFIG SET maxmemory-policy"
                    + " noeviction, or choose it in the parameter group of a managed Redis: the server may forget"
                    + " counts");
        }
        DurabilityCheck check = new DurabilityCheck.Answered();
        if (durability instanceof Durability.Fsync) {
            check = checkDisk(commands, info, faults);
        } else if (durability instanceof Durability.Replicated wanted) {
            check = checkReplicas(wanted.replicas(), info, faults);
        }
        if (!faults.isEmpty()) {
            throw new StoreException(address + ": " + String.join("; and ", faults), null);
        }
        if (!(check instanceof DurabilityCheck.Answered)) {
            tryOut(check, commands);
        }
        return check;
    }

    /** A Sentinel accepts connections like any server. So does a node of a Cluster, but it would count only in its own
     *  slots. */
    private void checkKind(String mode, RedisClusterAsyncCommands<String, String> commands) throws Exception {
        if (mode.equals("sentinel")) {
            throw new StoreException(
                    address + ": expected a server that counts, got a Sentinel; use redis-sentinel: and the name that"
                            + " it watches (counter-web: redis.sentinel)",
                    null);
        }
        // A node that has all slots counts like a single server.
        if (mode.equals("cluster") && address.kind() != RedisAddress.Kind.CLUSTER && !hasAllSlots(commands)) {
            throw new StoreException(
                    address + ": expected a server of its own, got a node of a Cluster; use redis-cluster:"
                            + " (counter-web: redis.cluster)",
                    null);
        }
    }

    private boolean hasAllSlots(RedisClusterAsyncCommands<String, String> commands) throws Exception {
        try {
            Map<String, String> cluster = lines(commands.clusterInfo().get(SECONDS, TimeUnit.SECONDS));
            return "1".equals(cluster.get("cluster_size")) && number(cluster.get("cluster_slots_assigned")) == SLOTS;
        } catch (ExecutionException e) {
            LOG.warn(
                    "{}: a node of a Cluster, whose size it does not say ({}); if it has others, use redis-cluster:"
                            + " (counter-web: redis.cluster)",
                    address,
                    ServerErrors.oneLine(ServerErrors.cause(e)));
            return true;
        }
    }

    private void tryOut(DurabilityCheck check, RedisClusterAsyncCommands<String, String> commands) throws Exception {
        try {
            check.ask(commands, 1).toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(ServerErrors.cause(e) instanceof DurabilityCheck.MissingException missing)) {
                throw e;
            }
            if (!missing.again) {
                throw new StoreException(address + ": durability " + durability + ": " + missing.why, missing);
            }
        }
    }

    /** Asks about a key that no counter has; whether the user may use the counters' own keys shows when they are used. */
    private void checkRights(RedisConnection connection) throws Exception {
        try {
            VisitCheck found = VisitCheck.ask(connection, keyPrefix + "visitor-counter")
                    .toCompletableFuture()
                    .get(SECONDS, TimeUnit.SECONDS);
            if (!found.denied().isEmpty()) {
                throw new StoreException(address + ": " + VisitCheck.mayNot(found.denied()), null);
            }
            if (!found.deniedHousekeeping().isEmpty()) {
                LOG.warn(
                        "{}: {}; without it, visits per hour are never deleted",
                        address,
                        VisitCheck.mayNot(found.deniedHousekeeping()));
            }
        } catch (ExecutionException e) {
            if (!(ServerErrors.cause(e) instanceof RedisCommandExecutionException)) {
                throw e;
            }
            // The server accepts no writes now; the counters' visits and health will say more.
            LOG.debug("{}: rights not checked", address, e);
        }
    }

    private static void checkVersion(Map<String, String> info, List<String> faults) {
        // In Valkey, redis_version is the version of Redis that it is compatible with.
        String version = info.getOrDefault("redis_version", "0");
        String[] parts = version.split("\\.", -1);
        long major = number(parts[0]);
        long minor = parts.length > 1 ? number(parts[1]) : 0;
        if (major < 6 || (major == 6 && minor < 2)) {
            faults.add("version: expected 6.2 or newer, got " + version + "; upgrade the server");
        }
    }

    private DurabilityCheck checkDisk(
            RedisClusterAsyncCommands<String, String> commands, Map<String, String> info, List<String> faults)
            throws Exception {
        if (!"1".equals(info.get("aof_enabled"))) {
            faults.add("durability fsync: appendonly: expected yes, got no; CONFIG SET appendonly yes and"
                    + " CONFIG SET appendfsync always, or ask for durability memory");
            return new DurabilityCheck.Answered();
        }
        boolean canProve = hasWaitAof(commands);
        Map<String, String> config;
        try {
            config = new HashMap<>(commands.configGet("appendfsync").get(SECONDS, TimeUnit.SECONDS));
            config.putAll(commands.configGet("no-appendfsync-on-rewrite").get(SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return canProve ? new DurabilityCheck.OnDisk() : unknown("CONFIG GET", e);
        }
        String sync = config.getOrDefault("appendfsync", "unknown");
        if (sync.equals("always") && "yes".equals(config.get("no-appendfsync-on-rewrite"))) {
            faults.add("durability fsync: no-appendfsync-on-rewrite: expected no, got yes;"
                    + " CONFIG SET no-appendfsync-on-rewrite no, or ask for durability memory");
        }
        if (sync.equals("always")) {
            return new DurabilityCheck.Answered();
        }
        if (sync.equals("everysec") && canProve) {
            LOG.info(
                    "{}: appendfsync is everysec, so each batch waits up to 1 s for the disk; CONFIG SET appendfsync"
                            + " always is faster for one counter",
                    address);
            return new DurabilityCheck.OnDisk();
        }
        faults.add("durability fsync: appendfsync: expected always, got " + sync
                + "; CONFIG SET appendfsync always, or ask for durability memory");
        return new DurabilityCheck.Answered();
    }

    private static boolean hasWaitAof(RedisClusterAsyncCommands<String, String> commands) throws Exception {
        try {
            List<Object> about = commands.commandInfo("WAITAOF").get(SECONDS, TimeUnit.SECONDS);
            Object first = about.isEmpty() ? null : about.get(0);
            return first instanceof List<?> found && !found.isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static DurabilityCheck checkReplicas(int wanted, Map<String, String> info, List<String> faults) {
        long have = number(info.get("connected_slaves"));
        if (have < wanted) {
            faults.add("durability replicated(" + wanted + "): connected replicas: expected at least " + wanted
                    + ", got " + have + "; start more, or ask for fewer");
        }
        return new DurabilityCheck.OnReplicas(wanted);
    }

    private DurabilityCheck unknown(String command, ExecutionException e) throws ExecutionException {
        if (!(ServerErrors.cause(e) instanceof RedisCommandExecutionException)) {
            throw e;
        }
        if (durability instanceof Durability.Memory) {
            LOG.warn("{}: its settings can't be checked: {}", address, ServerErrors.oneLine(e));
            return new DurabilityCheck.Answered();
        }
        throw new StoreException(
                address + ": durability " + durability + " can't be checked: " + ServerErrors.oneLine(e)
                        + "; allow the user " + command + " or ask for durability memory",
                ServerErrors.cause(e));
    }

    private static Map<String, String> lines(String info) {
        Map<String, String> lines = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return lines;
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
