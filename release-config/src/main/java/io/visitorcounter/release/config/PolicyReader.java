package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.hocon.ConfigNode;
import io.visitorcounter.release.hocon.ConfigNode.BooleanValue;
import io.visitorcounter.release.hocon.ConfigNode.ListValue;
import io.visitorcounter.release.hocon.ConfigNode.StringValue;
import io.visitorcounter.release.hocon.KeyPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the {@code release} part of an environment's file.
 *
 *  @param environment whose file it is
 *  @param environments those that have a file, including this one
 *  @param faults takes a key and what is wrong with it */
record PolicyReader(
        ConfigSource source,
        Environment environment,
        List<Environment> environments,
        BiConsumer<KeyPath, String> faults) {

    private static final String PROMOTE_FROM = "promote-from";
    private static final String REQUIRE_CLEAN = "require-clean";
    private static final String CONFIRM = "confirm";
    private static final String PROMOTE_HEALTHY = "promote-healthy";
    private static final String REQUIRE_SIGNATURE_BY = "require-signature-by";
    private static final String REQUIRE_BUILD_BY = "require-build-by";
    private static final String BUILDER = "builder";
    private static final String REQUIRE_APPROVALS = "require-approvals";
    private static final String APPROVERS = "approvers";
    private static final int MAX_APPROVALS = 10;
    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");
    private static final List<String> KEYS = List.of(
            PROMOTE_FROM,
            REQUIRE_CLEAN,
            CONFIRM,
            PROMOTE_HEALTHY,
            DeployReader.DEPLOY,
            REQUIRE_SIGNATURE_BY,
            REQUIRE_BUILD_BY,
            BUILDER,
            REQUIRE_APPROVALS,
            APPROVERS);

    /** The policy; without the part, the open one. */
    Policy read(@Nullable ConfigNode release) {
        return SettingReader.of(EnvironmentConfig.RELEASE, release, KEYS, faults)
                .map(this::policy)
                .orElse(Policy.open());
    }

    private Policy policy(SettingReader keys) {
        boolean confirm = keys.flag(CONFIRM);
        return new Policy(
                promoteFrom(keys),
                keys.flag(REQUIRE_CLEAN),
                confirm,
                promoteHealthy(keys),
                new DeployReader(environment, faults).read(keys.node(DeployReader.DEPLOY), confirm),
                principals(keys, REQUIRE_SIGNATURE_BY),
                new Policy.BuildRule(principals(keys, REQUIRE_BUILD_BY), builder(keys)),
                approvals(keys));
    }

    private static Policy.ApprovalRule approvals(SettingReader keys) {
        int count = keys.number(REQUIRE_APPROVALS, 0, 1, MAX_APPROVALS, "");
        List<String> by = principals(keys, APPROVERS);
        keys.needs(REQUIRE_APPROVALS, REQUIRE_SIGNATURE_BY, "or nobody knows who releases what was approved");
        keys.needs(APPROVERS, REQUIRE_APPROVALS, "which says how many of them");
        long people = by.stream().distinct().count();
        if (count > people) {
            keys.fault(REQUIRE_APPROVALS, "expected " + count + " or more approvers, got " + people);
        }
        return new Policy.ApprovalRule(count, by);
    }

    private static Optional<String> builder(SettingReader keys) {
        keys.needs(BUILDER, REQUIRE_BUILD_BY, "whose statements it is about");
        return keys.text(BUILDER, "the builder's name, such as its URL");
    }

    private static Optional<Duration> promoteHealthy(SettingReader keys) {
        ConfigNode node = keys.node(PROMOTE_HEALTHY);
        keys.needs(PROMOTE_HEALTHY, PROMOTE_FROM, "whose deployments it is about");
        if (node instanceof BooleanValue flag) {
            return flag.value() ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        Optional<Duration> time = keys.length(PROMOTE_HEALTHY).filter(length -> !length.isNegative());
        if (node != null && time.isEmpty()) {
            keys.expected(PROMOTE_HEALTHY, "true, false or a duration such as 1h");
        }
        return time;
    }

    private Optional<Environment> promoteFrom(SettingReader keys) {
        List<Environment> others = environments.stream()
                .filter(other -> !other.equals(environment))
                .toList();
        Optional<Environment> from = keys.node(PROMOTE_FROM) instanceof StringValue text
                ? others.stream()
                        .filter(other -> other.name().equals(text.value()))
                        .findFirst()
                : Optional.empty();
        from.flatMap(this::circle)
                .ifPresent(circle -> keys.fault(PROMOTE_FROM, "is circular: " + String.join(" → ", circle)));
        if (from.isEmpty() && keys.has(PROMOTE_FROM)) {
            String known = others.stream().map(Environment::name).collect(Collectors.joining("|"));
            keys.expected(PROMOTE_FROM, known.isEmpty() ? "another environment" : known);
        }
        return from;
    }

    // The cycle back to this environment, if promotions form one.
    private Optional<List<String>> circle(Environment from) {
        List<String> way = new ArrayList<>(List.of(environment.name()));
        Optional<Environment> next = Optional.of(from);
        while (next.isPresent() && !way.contains(next.get().name())) {
            way.add(next.get().name());
            next = promotedFrom(next.get());
        }
        way.add(environment.name());
        return next.filter(environment::equals).map(there -> way);
    }

    private Optional<Environment> promotedFrom(Environment other) {
        return Loader.load(source, other + EnvironmentFiles.SUFFIX).history().stream()
                .filter(statement -> statement.path().equals(EnvironmentConfig.RELEASE.child(PROMOTE_FROM)))
                .reduce((earlier, later) -> later)
                .flatMap(statement -> environments.stream()
                        .filter(known -> statement.text().replace("\"", "").equals(known.name()))
                        .findFirst());
    }

    // One name, or a list of them. An empty list would require nothing, which is never intended.
    private static List<String> principals(SettingReader keys, String key) {
        ConfigNode node = keys.node(key);
        if (node == null) {
            return List.of();
        }
        List<ConfigNode> items = node instanceof ListValue list ? list.nodes() : List.of(node);
        List<String> names = items.stream()
                .flatMap(item -> item instanceof StringValue text ? Stream.of(text.value()) : Stream.empty())
                .filter(name -> PRINCIPAL.matcher(name).matches())
                .toList();
        if (names.isEmpty() || names.size() < items.size()) {
            keys.expected(key, "principals of allowed_signers");
        }
        return names;
    }
}
