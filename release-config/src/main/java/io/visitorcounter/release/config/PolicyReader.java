package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.LookalikeLetters;
import io.visitorcounter.release.config.ConfigNode.BooleanValue;
import io.visitorcounter.release.config.ConfigNode.ListValue;
import io.visitorcounter.release.config.ConfigNode.ObjectValue;
import io.visitorcounter.release.config.ConfigNode.StringValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code release} part of an environment's file. */
final class PolicyReader {

    private static final String PROMOTE_FROM = "promote-from";
    private static final String REQUIRE_CLEAN = "require-clean";
    private static final String CONFIRM = "confirm";
    private static final String PROMOTE_HEALTHY = "promote-healthy";
    private static final String REQUIRE_SIGNATURE_BY = "require-signature-by";
    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");
    private static final List<String> KEYS =
            List.of(PROMOTE_FROM, REQUIRE_CLEAN, CONFIRM, PROMOTE_HEALTHY, DeployReader.DEPLOY, REQUIRE_SIGNATURE_BY);

    private final ConfigSource source;
    private final Environment environment;
    private final List<Environment> environments;
    private final SourceMap sources;
    private final List<ConfigFault> faults = new ArrayList<>();

    PolicyReader(ConfigSource source, Environment environment, List<Environment> environments, SourceMap sources) {
        this.source = source;
        this.environment = environment;
        this.environments = environments;
        this.sources = sources;
    }

    /** Everything wrong so far. */
    List<ConfigFault> faults() {
        return faults;
    }

    /** The policy; without the part, the open one. */
    Policy read(@Nullable ConfigNode release) {
        if (release == null) {
            return Policy.open();
        }
        if (!(release instanceof ObjectValue branch)) {
            fault(EnvironmentConfig.RELEASE, "expected an object, got " + release.shown());
            return Policy.open();
        }
        for (String key : branch.children().keySet()) {
            if (!KEYS.contains(key)) {
                String near = Nearest.to(key, KEYS)
                        .map(found -> "; did you mean " + EnvironmentConfig.RELEASE.child(found) + "?")
                        .orElse("; there are " + String.join(", ", KEYS));
                fault(EnvironmentConfig.RELEASE.child(key), "no such key" + near + LookalikeLetters.note(key));
            }
        }
        boolean confirm = flag(branch, CONFIRM);
        return new Policy(
                promoteFrom(branch),
                flag(branch, REQUIRE_CLEAN),
                confirm,
                promoteHealthy(branch),
                new DeployReader(environment, this::fault)
                        .read(branch.children().get(DeployReader.DEPLOY), confirm),
                principals(branch, REQUIRE_SIGNATURE_BY));
    }

    private Optional<Duration> promoteHealthy(ObjectValue branch) {
        ConfigNode node = branch.children().get(PROMOTE_HEALTHY);
        if (node == null) {
            return Optional.empty();
        }
        if (!branch.children().containsKey(PROMOTE_FROM)) {
            fault(
                    EnvironmentConfig.RELEASE.child(PROMOTE_HEALTHY),
                    "needs promote-from, whose deployments it is about");
        }
        if (node instanceof BooleanValue flag) {
            return flag.value() ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        Optional<Duration> time = node instanceof StringValue text
                ? WrittenDuration.of(text.value()).map(WrittenDuration::length).filter(length -> !length.isNegative())
                : Optional.empty();
        if (time.isEmpty()) {
            fault(
                    EnvironmentConfig.RELEASE.child(PROMOTE_HEALTHY),
                    "expected true, false or a duration such as 1h, got " + node.shown());
        }
        return time;
    }

    private Optional<Environment> promoteFrom(ObjectValue branch) {
        ConfigNode node = branch.children().get(PROMOTE_FROM);
        if (node == null) {
            return Optional.empty();
        }
        String known = environments.stream()
                .filter(other -> !other.equals(environment))
                .map(Environment::name)
                .reduce((a, b) -> a + "|" + b)
                .orElse("another environment");
        if (node instanceof StringValue text) {
            Optional<Environment> from = environments.stream()
                    .filter(other -> other.name().equals(text.value()) && !other.equals(environment))
                    .findFirst();
            if (from.isPresent()) {
                circle(from.get())
                        .ifPresent(circle -> fault(
                                EnvironmentConfig.RELEASE.child(PROMOTE_FROM),
                                "is circular: " + String.join(" → ", circle)));
                return from;
            }
        }
        fault(EnvironmentConfig.RELEASE.child(PROMOTE_FROM), "expected " + known + ", got " + node.shown());
        return Optional.empty();
    }

    // The way back to this environment, if promotions lead there.
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
        return Loader.load(source, other + ".conf").history().stream()
                .filter(statement -> statement.path().equals(EnvironmentConfig.RELEASE.child(PROMOTE_FROM)))
                .reduce((earlier, later) -> later)
                .flatMap(statement -> environments.stream()
                        .filter(known -> statement.text().replace("\"", "").equals(known.name()))
                        .findFirst());
    }

    // One name, or a list of them. Nothing in it would ask for nothing, which nobody writes on purpose.
    private List<String> principals(ObjectValue branch, String key) {
        ConfigNode node = branch.children().get(key);
        if (node == null) {
            return List.of();
        }
        List<ConfigNode> items = node instanceof ListValue list ? list.nodes() : List.of(node);
        List<String> names = new ArrayList<>();
        for (ConfigNode item : items) {
            if (item instanceof StringValue text
                    && PRINCIPAL.matcher(text.value()).matches()) {
                names.add(text.value());
            }
        }
        if (names.isEmpty() || names.size() < items.size()) {
            fault(EnvironmentConfig.RELEASE.child(key), "expected principals of allowed_signers, got " + node.shown());
        }
        return List.copyOf(names);
    }

    private boolean flag(ObjectValue branch, String key) {
        ConfigNode node = branch.children().get(key);
        if (node != null && !(node instanceof BooleanValue)) {
            fault(EnvironmentConfig.RELEASE.child(key), "expected true or false, got " + node.shown());
        }
        return node instanceof BooleanValue flag && flag.value();
    }

    private void fault(KeyPath path, String text) {
        faults.add(sources.fault(path, List.of(path), text));
    }
}
