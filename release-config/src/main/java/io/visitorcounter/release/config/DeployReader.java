package io.visitorcounter.release.config;

import io.visitorcounter.release.Environment;
import io.visitorcounter.release.config.ConfigNode.IntegerValue;
import io.visitorcounter.release.config.ConfigNode.ObjectValue;
import io.visitorcounter.release.config.ConfigNode.StringValue;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code release.deploy} of an environment's file. A target has its own keys, and of those that it has not the ones
 *  beside {@code targets}. */
final class DeployReader {

    static final String DEPLOY = "deploy";

    private static final KeyPath PATH = EnvironmentConfig.RELEASE.child(DEPLOY);
    private static final String ENGINE = "engine";
    private static final String CONTEXT = "context";
    private static final String NAMESPACE = "namespace";
    private static final String STACK = "stack";
    private static final String REPLICAS = "replicas";
    private static final String MEMORY = "memory";
    private static final String TIMEOUT = "timeout";
    private static final String SOAK = "soak";
    private static final String URL = "url";
    private static final String TARGETS = "targets";
    private static final List<String> OF_TARGET =
            List.of(ENGINE, CONTEXT, NAMESPACE, STACK, REPLICAS, MEMORY, TIMEOUT, SOAK, URL);

    private static final String KUBERNETES = "kubernetes";
    private static final String SWARM = "swarm";
    private static final String NONE = "none";

    // RFC 1123, as a namespace is held to it, and a stack's name is part of host names too.
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final int DEFAULT_REPLICAS = 2;
    private static final int MAX_REPLICAS = 1000;
    private static final int DEFAULT_MEMORY = 256;
    private static final int MIN_MEMORY = 6;
    private static final int MAX_MEMORY = 1 << 20;
    private static final Limits TIMEOUTS =
            new Limits(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(2));
    private static final Limits SOAKS = new Limits(Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(30));

    private record Limits(Duration otherwise, Duration min, Duration max) {}

    private final Environment environment;
    private final BiConsumer<KeyPath, String> faults;

    /** Sets where faults go.
     *
     *  @param environment whose file it is
     *  @param faults takes the key and what is wrong with it */
    DeployReader(Environment environment, BiConsumer<KeyPath, String> faults) {
        this.environment = environment;
        this.faults = faults;
    }

    /** The targets, sorted by name; none where the environment has none, or says {@code engine = none}. */
    List<DeploySettings> read(@Nullable ConfigNode node, boolean confirm) {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof ObjectValue deploy)) {
            faults.accept(PATH, "expected an object, got " + node.shown());
            return List.of();
        }
        refuseOthers(PATH, deploy, true);
        ConfigNode targets = deploy.children().get(TARGETS);
        if (targets == null) {
            return target(DeploySettings.ONLY, PATH, deploy, Map.of(), confirm).stream()
                    .toList();
        }
        KeyPath path = PATH.child(TARGETS);
        if (!(targets instanceof ObjectValue named) || named.children().isEmpty()) {
            faults.accept(path, "expected an object with a target or more, got " + targets.shown());
            return List.of();
        }
        List<DeploySettings> read = new ArrayList<>();
        named.children().forEach((name, target) -> {
            KeyPath at = path.child(name);
            if (!NAME.matcher(name).matches()) {
                faults.accept(at, "expected a name of a-z 0-9 -");
            } else if (target instanceof ObjectValue own) {
                refuseOthers(at, own, false);
                target(name, at, own, deploy.children(), confirm).ifPresent(read::add);
            } else {
                faults.accept(at, "expected an object, got " + target.shown());
            }
        });
        return read;
    }

    private void refuseOthers(KeyPath path, ObjectValue object, boolean isTop) {
        List<String> known = new ArrayList<>(OF_TARGET);
        if (isTop) {
            known.add(TARGETS);
        }
        for (String key : object.children().keySet()) {
            if (!known.contains(key)) {
                faults.accept(
                        path.child(key),
                        "no such key"
                                + Nearest.to(key, known)
                                        .map(found -> "; did you mean " + path.child(found) + "?")
                                        .orElse("; there are " + String.join(", ", known)));
            }
        }
    }

    private Optional<DeploySettings> target(
            String name, KeyPath path, ObjectValue own, Map<String, ConfigNode> shared, boolean confirm) {
        SortedMap<String, ConfigNode> all = new TreeMap<>(shared);
        all.putAll(own.children());
        Values values = new Values(all, key -> own.children().containsKey(key) ? path.child(key) : PATH.child(key));
        String engine = values.text(ENGINE).orElse("");
        if (engine.equals(NONE)) {
            return Optional.empty();
        }
        boolean isSwarm = engine.equals(SWARM);
        if (!isSwarm && !engine.equals(KUBERNETES)) {
            ConfigNode got = all.get(ENGINE);
            values.fault(ENGINE, "expected kubernetes, swarm or none, got " + (got == null ? "none" : got.shown()));
        }
        String other = isSwarm ? NAMESPACE : STACK;
        if (all.containsKey(other)) {
            values.fault(other, "only " + (isSwarm ? KUBERNETES : SWARM) + " has one");
        }
        Optional<String> context = values.text(CONTEXT);
        if (confirm && context.isEmpty()) {
            values.fault(CONTEXT, "expected the cluster's name, got none; with confirm = true it must be said");
        }
        DeploySettings settings = new DeploySettings(
                name,
                engine,
                context,
                values.name(isSwarm ? STACK : NAMESPACE).orElse(environment.name()),
                values.replicas(),
                values.number(MEMORY, DEFAULT_MEMORY, MIN_MEMORY, MAX_MEMORY),
                values.duration(TIMEOUT, TIMEOUTS),
                values.duration(SOAK, SOAKS),
                values.url());
        Duration soaks = settings.soak().multipliedBy(settings.replicas().orElse(1));
        if (settings.timeout().compareTo(soaks) <= 0) {
            values.fault(
                    TIMEOUT,
                    "expected more than soak for each of the replicas, " + soaks.toSeconds() + " s, got "
                            + settings.timeout().toSeconds() + " s");
        }
        return Optional.of(settings);
    }

    /** The values of one target, and where each of them stands. */
    private final class Values {

        private final SortedMap<String, ConfigNode> nodes;
        private final Function<String, KeyPath> paths;

        Values(SortedMap<String, ConfigNode> nodes, Function<String, KeyPath> paths) {
            this.nodes = nodes;
            this.paths = paths;
        }

        void fault(String key, String text) {
            faults.accept(paths.apply(key), text);
        }

        Optional<String> text(String key) {
            ConfigNode node = nodes.get(key);
            if (node instanceof StringValue text && !text.value().isBlank()) {
                return Optional.of(text.value());
            }
            if (node != null && !key.equals(ENGINE)) {
                fault(key, "expected a text, got " + node.shown());
            }
            return Optional.empty();
        }

        Optional<String> name(String key) {
            Optional<String> name = text(key);
            name.filter(text -> !NAME.matcher(text).matches())
                    .ifPresent(text -> fault(key, "expected 1..63 of a-z 0-9 -, got " + SafeText.quoted(text)));
            return name;
        }

        Optional<Integer> replicas() {
            return nodes.get(REPLICAS) instanceof StringValue text
                            && text.value().equals("auto")
                    ? Optional.empty()
                    : Optional.of(number(REPLICAS, DEFAULT_REPLICAS, 1, MAX_REPLICAS));
        }

        int number(String key, int otherwise, int min, int max) {
            ConfigNode node = nodes.get(key);
            if (node == null) {
                return otherwise;
            }
            if (node instanceof IntegerValue whole && whole.value() >= min && whole.value() <= max) {
                return (int) whole.value();
            }
            fault(
                    key,
                    "expected " + min + ".." + max + (key.equals(REPLICAS) ? " or auto" : "") + ", got "
                            + node.shown());
            return otherwise;
        }

        Duration duration(String key, Limits limits) {
            ConfigNode node = nodes.get(key);
            if (node == null) {
                return limits.otherwise();
            }
            Optional<Duration> length = node instanceof StringValue text
                    ? WrittenDuration.of(text.value()).map(WrittenDuration::length)
                    : Optional.empty();
            return length.filter(time -> time.compareTo(limits.min()) >= 0 && time.compareTo(limits.max()) <= 0)
                    .orElseGet(() -> {
                        fault(
                                key,
                                "expected a duration of " + limits.min().toSeconds() + "s.."
                                        + limits.max().toSeconds() + "s, got " + node.shown());
                        return limits.otherwise();
                    });
        }

        Optional<URI> url() {
            return text(URL).flatMap(text -> {
                try {
                    URI uri = URI.create(text);
                    if (uri.getHost() != null
                            && uri.getUserInfo() == null
                            && uri.getQuery() == null
                            && uri.getFragment() == null
                            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                        return Optional.of(uri);
                    }
                } catch (IllegalArgumentException notOne) {
                    // Told below, with every other form that is not one.
                }
                fault(URL, "expected a URL such as https://count.example, without a login");
                return Optional.empty();
            });
        }
    }
}
